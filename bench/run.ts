/**
 * `npm run bench`: our engines against PyTorch, TensorFlow.js and jax-js on the same problems, in turns. Prints tables and
 * ratios, and keeps both with the environment in bench/results.json. `--only tiny` leaves the other problems out,
 * `--quick` is less exact, `--paper` adds the largest problem and its memory. Whoever is missing here is left out. Reports;
 * asserts nothing about speed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Entrant } from '../src/benchmark/entrant';
import { errorOf, QUICK, THOROUGH, type Thoroughness } from '../src/benchmark/harness';
import { measure } from '../src/benchmark/measure';
import { ratiosOf } from '../src/benchmark/report/ratios';
import { SIZES, type Figure, type ProblemId } from '../src/benchmark/report/subject';
import { ratiosText, tablesOf, tableText } from '../src/benchmark/report/text';
import { BROWSER_ENTRANTS, startEngine, type Started } from '../src/benchmark/start';
import { deterministicMath } from '../src/engine/deterministic';
import { createWasmEngine } from '../src/engine/landscape/wasm/engine';
import { readKernels } from '../src/engine/landscape/wasm/node';
import { openBrowser } from './browser';
import { environment } from './environment';
import { countMemory } from './memory';
import { pythonWithTorch } from './peers/python';
import { pyTorchEntrant } from './peers/pytorch';

const USUAL: readonly ProblemId[] = ['tiny', 'small', 'medium'];
/** A library that the app does without need not bear the largest problem. */
const ON_PAPER = new Set<string>(['wasm', 'webgpu', 'pytorch']);
/** Twenty products of it take longer than anybody would wait for otherwise. */
const PATIENT: Thoroughness = { ...THOROUGH, longestMs: 300_000 };
const MEBIBYTE = 1 << 20;

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

const { values: options } = parseArgs({
  options: {
    paper: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
  },
});
const chosen = USUAL.filter((id) => options.only?.includes(id) ?? true);

const wasmPeak = countMemory();
const started: Started[] = [];
const missing: string[] = [];
let torch: string | null = null;

/** The WASM engine comes first: its product is what the others' are compared with. */
const kernels = await readKernels();
const math = deterministicMath(kernels);
const create = async () => ({ engine: await createWasmEngine(await readKernels(), 'f32'), hardware: true });
started.push(await startEngine(create, math));

const browser = await openBrowser().catch((thrown: unknown) => {
  say(`Chromium could not be started: ${errorOf(thrown).message}`);
  return null;
});
if (!browser) missing.push('no Chromium: webgpu, tensorflow, tfjs-webgpu and jax-js are left out');
for (const id of browser ? BROWSER_ENTRANTS : []) {
  try {
    if (browser) started.push(await browser.start(id));
  } catch (thrown) {
    missing.push(`${id} is left out: ${errorOf(thrown).message}`);
  }
}
const python = pythonWithTorch();
if (python === null) missing.push('no Python with PyTorch: pytorch is left out');
for (const line of missing) say(line);

const entrants: Entrant[] = started.map(({ entrant }) => entrant);
if (python !== null) entrants.push(pyTorchEntrant(python, (version) => (torch = version)));
const figures: Figure[] = [];
const memory: Record<string, number> = {};

/** Measures a problem, prints its table, and notes the most memory the engines held. */
async function problem(id: ProblemId, taking: readonly Entrant[], thorough = THOROUGH): Promise<void> {
  await browser?.gpuPeak();
  wasmPeak();
  const found: Figure[] = [];
  await measure(SIZES[id], taking, options.quick ? QUICK : thorough, {
    doing: (words) => void process.stderr.write(`${id}: ${words}\n`),
    figures: (more) => void found.push(...more),
  });
  figures.push(...found);
  for (const table of tablesOf(found)) say(`\n${tableText(table)}`);
  memory[`${id}.wasm`] = Math.round(wasmPeak() / MEBIBYTE);
  if (browser) memory[`${id}.gpu`] = Math.round((await browser.gpuPeak()) / MEBIBYTE);
}

try {
  for (const id of chosen) await problem(id, entrants);
  if (options.paper) {
    const software = started.some(({ entrant, hardware }) => entrant.id === 'webgpu' && !hardware);
    const taking = entrants.filter(({ id }) => ON_PAPER.has(id));
    await problem('paper', software ? taking.filter(({ id }) => id !== 'webgpu') : taking, PATIENT);
    if (software) {
      say('\nThe only WebGPU adapter here is software: the largest problem again with a tenth of the examples.');
      await problem('paper-500', taking, PATIENT);
    }
  }
} finally {
  await browser?.close();
}

const ratios = ratiosOf(figures);
say(`\n${ratiosText(ratios)}`);
say('\nMost memory held at once, MiB (WebAssembly memories; GPU buffers of all that ran in the browser)');
for (const [key, mebibytes] of Object.entries(memory)) say(`${key.padEnd(16)}${String(mebibytes).padStart(6)}`);

const ms: Record<string, Record<string, Record<string, number>>> = {};
const notes: Record<string, string> = {};
for (const { problem: id, work, entrant, ms: time, note } of figures) {
  if (time !== null) ((ms[id] ??= {})[work] ??= {})[entrant] = Number(time.toPrecision(4));
  if (note !== null) notes[`${id}.${entrant}.${work}`] = note;
}
const report = {
  environment: {
    ...environment(browser?.version ?? 'none'),
    pytorch: torch ?? 'none',
    devices: Object.fromEntries(started.map(({ entrant, device }) => [entrant.id, device])),
    missing,
  },
  startUpMs: Object.fromEntries(
    started.flatMap(({ entrant, startUpMs }) => (startUpMs === null ? [] : [[entrant.id, Math.round(startUpMs)]])),
  ),
  ms,
  notes,
  memoryMiB: memory,
  ratios: Object.fromEntries(ratios.map(({ key, value }) => [key, value])),
};
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(report, null, 2)}\n`);
say(`\nStart-up, ms: ${JSON.stringify(report.startUpMs)}\nWritten to bench/results.json`);
