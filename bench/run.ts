/**
 * `npm run bench`: our engines against PyTorch, TensorFlow.js and jax-js on the same problems, in turns. Prints tables and
 * ratios; a full run keeps both with the environment in bench/results.json. `--only tiny` leaves the other problems out,
 * `--quick` is less exact, `--paper` adds the largest problem and its memory, `--out file` writes whatever was measured.
 * Whoever is missing here is left out. Reports; asserts nothing about speed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entrant } from '../src/benchmark/entrant';
import { errorOf, QUICK, THOROUGH, type Thoroughness } from '../src/benchmark/harness';
import { measure } from '../src/benchmark/measure';
import { referenceProduct } from '../src/benchmark/reference';
import { ratiosOf } from '../src/benchmark/report/ratios';
import { IN_BROWSER, SIZES, type Figure, type ProblemId } from '../src/benchmark/report/subject';
import { ratiosText, tablesOf, tableText } from '../src/benchmark/report/text';
import { startWasm, type Started } from '../src/benchmark/start';
import { readKernels } from '../src/engine/landscape/wasm/node';
import { aimOf } from './bars';
import { openBrowser, type BrowserEntrant } from './browser';
import { environment } from './environment';
import { countMemory } from './memory';
import { optionsOf, type Options } from './options';
import { pythonWithTorch } from './peers/python';
import { pyTorchEntrant } from './peers/pytorch';
import { finished, pathFor, resultsOf } from './results';

const KEPT = join(import.meta.dirname, 'results.json');
/** A library that the app does without need not bear the largest problem. */
const ON_PAPER = new Set<string>(['wasm', 'webgpu', 'pytorch']);
/** Twenty products of it take longer than anybody would wait for otherwise, and so no more rounds than the fewest. */
const PATIENT: Thoroughness = { ...THOROUGH, patienceMs: 10_000, slowMs: 5000, longestMs: 300_000 };
const MEBIBYTE = 1 << 20;

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

function readOptions(): Options {
  try {
    return optionsOf(process.argv.slice(2), KEPT);
  } catch (thrown) {
    process.stderr.write(`${errorOf(thrown).message}\n`);
    process.exit(2);
  }
}
const options = readOptions();
const before = environment();

const wasmPeak = countMemory();
const missing: string[] = [];
let torch: string | null = null;

const kernels = await readKernels();
const wasm = await startWasm(kernels);

const browser = await openBrowser().catch((thrown: unknown) => {
  say(`Chromium could not be started: ${errorOf(thrown).message}`);
  return null;
});
const inBrowser: BrowserEntrant[] = [];
if (!browser) missing.push('no Chromium: webgpu, tensorflow, tfjs-webgpu and jax-js are left out');
for (const id of browser ? IN_BROWSER : []) {
  // The WASM engine is timed here, in Node.
  if (!browser || id === 'wasm') continue;
  try {
    inBrowser.push(await browser.start(id));
  } catch (thrown) {
    missing.push(`${id} is left out: ${errorOf(thrown).message}`);
  }
}
const python = pythonWithTorch();
if (python === null) missing.push('no Python with PyTorch: pytorch is left out');
for (const line of missing) say(line);

const started: readonly Started[] = [wasm, ...inBrowser];
const entrants: Entrant[] = started.map(({ entrant }) => entrant);
if (python !== null) entrants.push(pyTorchEntrant(python, (version) => (torch = version)));
const figures: Figure[] = [];
const memory: Record<string, number> = {};
const measured: ProblemId[] = [];

/** Measures a problem, prints its table, and notes the most memory that each held who can tell. */
async function problem(id: ProblemId, taking: readonly Entrant[], thorough = THOROUGH): Promise<void> {
  const reference = await referenceProduct(kernels, SIZES[id]);
  const counted = inBrowser.filter(({ entrant }) => taking.includes(entrant));
  // Who has died meanwhile has no figure either, and a note says so.
  const peaks = (): Promise<(number | null)[]> => Promise.all(counted.map((one) => one.gpuPeak().catch(() => null)));
  await peaks();
  wasmPeak();
  const found: Figure[] = [];
  let said = '';
  await measure(SIZES[id], taking, reference, options.quick ? QUICK : thorough, {
    doing: (words) => {
      if (words !== said) process.stderr.write(`${id}: ${words}\n`);
      said = words;
    },
    figures: (more) => void found.push(...more),
  });
  figures.push(...found);
  measured.push(id);
  for (const table of tablesOf(found)) say(`\n${tableText(table)}`);
  memory[`${id}.wasm`] = Math.round(wasmPeak() / MEBIBYTE);
  for (const [i, bytes] of (await peaks()).entries()) {
    if (bytes !== null) memory[`${id}.${counted[i].entrant.id}`] = Math.round(bytes / MEBIBYTE);
  }
}

/** `toTheEnd`: nothing was thrown on the way. */
function report(toTheEnd: boolean): void {
  const problems = finished(measured, figures);
  const complete = toTheEnd && problems.length === measured.length && (browser?.alive ?? true);
  const ratios = ratiosOf(figures);
  say(`\n${ratiosText(ratios, ({ key }) => aimOf(key))}`);
  say('\nMost memory held at once, MiB (WASM: WebAssembly; the others: GPU buffers)');
  for (const [key, mebibytes] of Object.entries(memory)) say(`${key.padEnd(24)}${String(mebibytes).padStart(6)}`);
  const results = resultsOf({
    environment: {
      ...before,
      chromium: browser?.version ?? 'none',
      pytorch: torch ?? 'none',
      missing,
      quick: options.quick,
      problems,
      complete,
    },
    started,
    figures,
    memory,
    ratios,
  });
  say(`\nStart-up, ms: ${JSON.stringify(results.startUpMs)}`);
  if (!complete) process.exitCode = 1;
  if (options.out === null) return say('Not written: this was no full run, and no --out was given.');
  const path = pathFor(options.out, KEPT, complete);
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  say(`${complete ? 'Written' : 'Something failed on the way; what was measured was written'} to ${path}`);
}

let toTheEnd = false;
try {
  for (const id of options.problems) {
    if (id !== 'paper') {
      await problem(id, entrants);
      continue;
    }
    const software = inBrowser.some(({ entrant, hardware }) => entrant.id === 'webgpu' && hardware === false);
    const taking = entrants.filter((one) => ON_PAPER.has(one.id));
    await problem('paper', software ? taking.filter((one) => one.id !== 'webgpu') : taking, PATIENT);
    if (software) {
      say('\nThe only WebGPU adapter here is software: the largest problem again with a tenth of the examples.');
      await problem('paper-500', taking, PATIENT);
    }
  }
  toTheEnd = true;
} finally {
  report(toTheEnd);
  await browser?.close();
}
