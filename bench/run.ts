/**
 * `npm run bench`: our engines against PyTorch and TensorFlow.js on the same problems, in turns. Prints a table and the
 * ratios, and keeps both with the environment in bench/results.json. `--paper` adds the largest problem, `--only tiny`
 * leaves the others out. Reports; asserts nothing about speed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { createWasmEngine } from '../src/engine/landscape/wasm/engine';
import { readKernels } from '../src/engine/landscape/wasm/node';
import type { Name } from './browser/page';
import { environment } from './environment';
import { compare, type Peer } from './harness';
import { pythonWithTorch } from './peers/python';
import { startPyTorch } from './peers/pytorch';
import { instanceOf, SIZES, WORKS, type Size, type Work } from './problems';
import { buildAndServe, launchChromium } from './serve';
import { workloadOn } from './workload';

/** Larger than the rounding of f32 sums can explain: then one of the two does other work. */
const MOST_DIFFERENCE = 1e-3;
const ENGINES = ['wasm', 'webgpu'];
const PEERS = ['pytorch', 'tfjs-webgpu'];

const say = (line = ''): void => void process.stdout.write(`${line}\n`);
const show = (ms: number): string => (ms < 10 ? ms.toPrecision(3) : ms.toFixed(ms < 100 ? 1 : 0));

function browserPeer(page: Page, name: Name, works: readonly Work[]): Peer {
  const batch = (work: Work, count: number): Promise<number> => {
    return page.evaluate(async ([n, w, c]) => (await window.bench).batch(n, w, c), [name, work, count] as const);
  };
  return { name, works, batch };
}

/** "engine.work/peer" → how many times faster the engine is. */
function ratiosOf(id: string, work: Work, ms: Readonly<Record<string, number>>): [string, number][] {
  return ENGINES.flatMap((engine) =>
    PEERS.filter((peer) => peer in ms).map((peer): [string, number] => {
      return [`${id}.${engine}.${work}/${peer}`, Number((ms[peer] / ms[engine]).toPrecision(3))];
    }),
  );
}

const { values: options } = parseArgs({
  options: { paper: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});
const chosen = SIZES.filter(({ id }) => (options.only ? options.only.includes(id) : options.paper || id !== 'paper'));

const python = pythonWithTorch();
if (python === null) say('No Python with PyTorch here: its rows are left out.');
const site = await buildAndServe('pages');
const browser = await launchChromium();
const page = await browser.newPage();
await page.goto(`${site.url}bench/browser/index.html`);
const adapter = await page.evaluate(async () => (await window.bench).adapter);
const wasm = await createWasmEngine(await readKernels(), 'f32');
let torch = 'none';
const ms: Record<string, Record<string, Record<string, number>>> = {};
const ratios: Record<string, number> = {};

async function measure(size: Size): Promise<void> {
  const difference = await page.evaluate(async (s) => (await window.bench).prepare(s), size);
  if (!(difference < MOST_DIFFERENCE)) {
    throw new Error(
      `${size.id}: WebGPU's product and TensorFlow.js's differ by ${difference}; timing them would mislead.`,
    );
  }
  const workload = await workloadOn(wasm, instanceOf(size));
  const peers: Peer[] = [
    {
      name: 'wasm',
      works: WORKS,
      async batch(work, count) {
        const begun = performance.now();
        await workload.run(work, count);
        return performance.now() - begun;
      },
    },
    browserPeer(page, 'webgpu', WORKS),
    browserPeer(page, 'tfjs-webgpu', ['step', 'hvp']),
  ];
  const pytorch = python === null ? null : await startPyTorch(python, size);
  if (pytorch) {
    peers.push(pytorch);
    torch = pytorch.version;
  }
  say(`\n${size.id} (${size.sizes.join('-')}, n = ${size.examples}), milliseconds`);
  say(['', ...peers.map(({ name }) => name)].map((cell) => cell.padStart(12)).join(''));
  ms[size.id] = {};
  for (const work of WORKS) {
    const times = await compare(peers, work);
    ms[size.id][work] = times;
    Object.assign(ratios, Object.fromEntries(ratiosOf(size.id, work, times)));
    say(
      [work, ...peers.map(({ name }) => (name in times ? show(times[name]) : '–'))].map((c) => c.padStart(12)).join(''),
    );
  }
  workload.dispose();
  pytorch?.close();
}

try {
  for (const size of chosen) await measure(size);
} finally {
  await browser.close();
  await site.close();
}

say('\nHow many times faster');
for (const [key, ratio] of Object.entries(ratios)) say(`${key.padEnd(36)}${show(ratio).padStart(8)}`);
const where = { ...environment(browser.version()), adapter, pytorch: torch };
const file = join(import.meta.dirname, 'results.json');
writeFileSync(file, `${JSON.stringify({ environment: where, ms, ratios }, null, 2)}\n`);
say('\nWritten to bench/results.json');
