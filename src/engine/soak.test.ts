/**
 * Memory does not grow while a run goes on: neither WebAssembly's pages nor JavaScript's heap, but for the snapshots
 * that are kept on purpose. `npm run bench:soak` measures the same over 100 000 steps, e2e/engine/soak.spec.ts on WebGPU.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createWasmEngine } from './landscape/wasm/engine';
import { readKernels } from './landscape/wasm/node';
import { runOf } from './linked.testing';
import type { Run } from './run';
import { snapshotBytes, soak, watchMemories } from './soak.testing';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of living objects and of the array buffers they hold. */
function heapBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const WARM_UP = 3000;
const TO = 8000;
/** Steps between two looks at the heap, of which the least counts: what the compiler has under way comes and goes. */
const LOOK = 250;
const LOOKS = 4;
/** A step that left anything behind would leave more. What there is, is the compiler's, and ends after some 15 000 steps. */
const SLACK = 32 * (TO - WARM_UP);

/** On to this step, and a little further: the least of the heap there, without the snapshots kept since step 0. */
async function heapFrom(run: Run, step: number): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < LOOKS; i++) {
    await soak(run, step + i * LOOK);
    least = Math.min(least, heapBytes() - snapshotBytes(run, 0, run.step));
  }
  return least;
}

const wasmBytes = watchMemories();
const kernels = await readKernels();

describe(`from step ${WARM_UP} to ${TO}, with the sharpness every ten steps`, () => {
  it.each([
    ['gradient descent', '#/'],
    ['mini-batches', '#/?opt=sgd&batch=32'],
  ])('memory is flat (%s)', async (_, link) => {
    const run = await runOf(link, await createWasmEngine(kernels, 'f32'), kernels);
    const heap = await heapFrom(run, WARM_UP);
    const pages = wasmBytes();
    expect(pages).toBeGreaterThan(0);
    expect((await heapFrom(run, TO)) - heap).toBeLessThan(SLACK);
    expect(wasmBytes()).toBe(pages);
  });
});
