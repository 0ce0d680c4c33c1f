/**
 * Nothing is left behind by a step, a measurement or a snapshot but what is kept on purpose: no room in WebAssembly's
 * memory is taken, and the number of living JavaScript objects stays. Objects are counted, not bytes: the compiler's own
 * come and go by 100 KB for thousands of steps. `npm run bench:soak` looks at the bytes over 100 000 steps,
 * e2e/engine/soak.spec.ts at WebGPU.
 */
import { queryObjects } from 'node:v8';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Arena } from './landscape/wasm/arena';
import { createWasmEngine } from './landscape/wasm/engine';
import { readKernels } from './landscape/wasm/node';
import { runOf } from './linked.testing';
import type { Run } from './run';
import { snapshotBytes, soak } from './soak.testing';

const WARM_UP = 300;
const TO = 800;
/** Between two looks, of which the least counts: a promise or two may be under way. */
const LOOK = 20;
const LOOKS = 3;

interface Living {
  /** After a full collection: arrays, functions, promises, views and all else that has Object's prototype. */
  readonly objects: number;
  /** Bytes of array buffers without those of snapshots. */
  readonly bytes: number;
}

/** On to this step, and a little further. */
async function livingFrom(run: Run, step: number): Promise<Living> {
  let [objects, bytes] = [Infinity, Infinity];
  for (let i = 0; i < LOOKS; i++) {
    await soak(run, step + i * LOOK);
    objects = Math.min(objects, queryObjects(Object, { format: 'count' }));
    bytes = Math.min(bytes, process.memoryUsage().arrayBuffers - snapshotBytes(run, 0, run.step));
  }
  return { objects, bytes };
}

/** What each step adds, and how often the arena was asked for room meanwhile. */
async function growthOf(run: Run): Promise<Living & { readonly allocations: number }> {
  const allocate = vi.spyOn(Arena.prototype, 'allocate');
  const before = await livingFrom(run, WARM_UP);
  allocate.mockClear();
  const after = await livingFrom(run, TO);
  const steps = TO - WARM_UP;
  return {
    objects: (after.objects - before.objects) / steps,
    bytes: (after.bytes - before.bytes) / steps,
    allocations: allocate.mock.calls.length,
  };
}

const kernels = await readKernels();

afterEach(() => {
  vi.restoreAllMocks();
});

describe(`from step ${WARM_UP} to ${TO}, with the sharpness every ten steps`, () => {
  it.each([
    ['gradient descent', '#/'],
    ['mini-batches', '#/?opt=sgd&batch=32'],
  ])('memory is flat (%s)', async (_, link) => {
    const growth = await growthOf(await runOf(link, await createWasmEngine(kernels, 'f32'), kernels));
    expect(growth.allocations).toBe(0);
    // A measurement comes every ten steps: one object for each would be 0.1.
    expect(growth.objects).toBeLessThan(0.05);
    expect(growth.bytes).toBeLessThan(0.4);
  });

  it('one object a step, and room taken once in a measurement, would be seen', async () => {
    const run = await runOf('#/', await createWasmEngine(kernels, 'f32'), kernels);
    const { landscape } = run;
    const leaked: object[] = [];
    const gradient = landscape.gradient.bind(landscape);
    landscape.gradient = (...operands) => {
      leaked.push({});
      gradient(...operands);
    };
    const measure = run.measure.bind(run);
    run.measure = () => {
      landscape.scalars(1);
      return measure();
    };
    const growth = await growthOf(run);
    expect(leaked.length).toBeGreaterThanOrEqual(TO);
    expect(growth.objects).toBeGreaterThan(1);
    expect(growth.allocations).toBeGreaterThanOrEqual((TO - WARM_UP) / 10);
  });
});
