/**
 * `npm run bench:soak`: the default demo and mini-batches for 100 000 steps with the sharpness every ten, on WASM in Node
 * and on WebGPU in Chromium, and what memory they hold on the way. Prints it and keeps it in bench/soak.json. `--steps`
 * takes fewer, `--only wasm` or `--only webgpu` one engine. Reports; the tests assert the same over a shorter length.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { watchHeap } from '../e2e/engine/heap';
import { createWasmEngine } from '../src/engine/landscape/wasm/engine';
import { readKernels } from '../src/engine/landscape/wasm/node';
import { runOf } from '../src/engine/linked.testing';
import { snapshotBytes, soak, watchMemories } from '../src/engine/soak.testing';
import { environment } from './environment';
import { buildAndServe, launchChromium } from './serve';

const LINKS = { 'gradient descent': '#/', 'mini-batches': '#/?opt=sgd&batch=32' };
const INTERVALS = 10;

const say = (line = ''): void => void process.stdout.write(`${line}\n`);

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '100000' },
    only: { type: 'string', default: '' },
  },
});
const interval = Math.max(10, Math.round(Number(options.steps) / INTERVALS / 10) * 10);

interface Sample {
  readonly step: number;
  /** On WASM: bytes of WebAssembly memory, all instances together. */
  readonly wasmBytes?: number;
  /** On WebGPU: living GPU buffers, staging aside, and everything made on the device so far: buffers, pipelines, bind groups, … */
  readonly gpuBytes?: number;
  readonly gpuMade?: number;
  /** Living objects and array buffers of JavaScript, without the snapshots that are kept on purpose. */
  readonly heapBytes: number;
}

interface Soaked {
  readonly engine: string;
  readonly what: string;
  readonly link: string;
  readonly seconds: number;
  readonly samples: Sample[];
}

const COLUMNS = ['step', 'wasmBytes', 'gpuBytes', 'gpuMade', 'heapBytes'] as const;
const row = (cells: readonly (string | number | undefined)[]): string =>
  cells.map((cell) => String(cell ?? '–').padStart(12)).join('');

/** Goes from interval to interval and samples at each. */
async function follow(engine: string, what: keyof typeof LINKS, sampleAt: (step: number) => Promise<Sample>) {
  say(`\n${engine}, ${what}`);
  say(row(COLUMNS));
  const from = performance.now();
  const samples: Sample[] = [];
  for (let i = 1; i <= INTERVALS; i++) {
    const sample = await sampleAt(i * interval);
    samples.push(sample);
    say(row(COLUMNS.map((column) => sample[column])));
  }
  const seconds = Math.round((performance.now() - from) / 1000);
  return { engine, what, link: LINKS[what], seconds, samples } satisfies Soaked;
}

async function onWasm(what: keyof typeof LINKS): Promise<Soaked> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const wasmBytes = watchMemories();
  const kernels = await readKernels();
  const run = await runOf(LINKS[what], await createWasmEngine(kernels, 'f32'), kernels);
  const soaked = await follow('wasm', what, async (step) => {
    await soak(run, step);
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { step, wasmBytes: wasmBytes(), heapBytes: heapUsed + arrayBuffers - snapshotBytes(run, 0, step) };
  });
  run.dispose();
  return soaked;
}

async function onWebGpu(what: keyof typeof LINKS, url: string): Promise<{ soaked: Soaked; version: string }> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`${url}e2e/engine/soak.html`);
    const heap = await watchHeap(page);
    await page.evaluate((link) => window.begin(link), LINKS[what]);
    const device = await page.evaluate(() => window.longRun.device);
    const soaked = await follow(device, what, async (step) => {
      await page.evaluate((to) => window.longRun.go(to), step);
      const { gpuBytes, made } = await page.evaluate(() => window.longRun.census());
      const kept = await page.evaluate((to) => window.longRun.snapshotBytes(0, to), step);
      return { step, gpuBytes, gpuMade: made, heapBytes: (await heap()) - kept };
    });
    return { soaked, version: browser.version() };
  } finally {
    await browser.close();
  }
}

const runs: Soaked[] = [];
let chromium = 'none';
const kinds = Object.keys(LINKS) as (keyof typeof LINKS)[];
if (options.only !== 'webgpu') for (const what of kinds) runs.push(await onWasm(what));
if (options.only !== 'wasm') {
  const site = await buildAndServe('pages');
  for (const what of kinds) {
    const { soaked, version } = await onWebGpu(what, site.url);
    runs.push(soaked);
    chromium = version;
  }
  await site.close();
}
const path = join(import.meta.dirname, 'soak.json');
writeFileSync(path, `${JSON.stringify({ environment: { ...environment(), chromium }, runs }, null, 2)}\n`);
say(`\nKept in ${path}`);
