/** The works on a real engine, and a foreign library's product at the same θ: two ways to one Hessian. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { deterministicMath } from '../engine/deterministic';
import type { Engine } from '../engine/landscape/landscape';
import { createWasmEngine } from '../engine/landscape/wasm/engine';
import { readKernels } from '../engine/landscape/wasm/node';
import { engineEntrant } from './engine';
import type { Entrant, Workload } from './entrant';
import { relativeDifference } from './measure';
import { jaxEntrant } from './peers/jax';
import { referenceProduct } from './reference';
import { SIZES, WORKS, type Work } from './report/subject';

let entrant: Entrant;
let tiny: Workload;
let kernels: WebAssembly.Module;
beforeAll(async () => {
  kernels = await readKernels();
  entrant = engineEntrant(await createWasmEngine(kernels, 'f32'), deterministicMath(kernels));
  tiny = await entrant.prepare(SIZES.tiny);
  return () => tiny.dispose();
});

describe('the works of an engine', () => {
  it('are all but those of other libraries, and lanes on the tiny problem alone', async () => {
    const others: readonly string[] = ['hvp-kept', 'hvp-r'];
    const own = Object.keys(WORKS).filter((work) => !others.includes(work));
    expect([...tiny.works].sort()).toEqual(own.sort());
    const small = await entrant.prepare(SIZES.small);
    expect([...small.works].sort()).toEqual(own.filter((work) => !work.includes('lanes')).sort());
    small.dispose();
  });

  it('can each be timed', async () => {
    for (const work of tiny.works) expect(await tiny.time(work, 2)).toBeGreaterThan(0);
  });

  it('are timed without what was done before: a product without linearising, a Lanczos run with it', async () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const engine = await createWasmEngine(kernels, 'f32');
    const slow: Engine = {
      ...engine,
      async landscape(problem) {
        const landscape = await engine.landscape(problem);
        const linearise = landscape.linearise.bind(landscape);
        landscape.linearise = (...args) => {
          now += 1000;
          linearise(...args);
        };
        return landscape;
      },
    };
    const workload = await engineEntrant(slow, deterministicMath(kernels)).prepare(SIZES.tiny);
    const times = [];
    for (const work of ['hvp', 'hvp.lanes4', 'lanczos20'] satisfies Work[]) times.push(await workload.time(work, 3));
    vi.restoreAllMocks();
    workload.dispose();
    expect(times).toEqual([0, 0, 3000]);
  });

  it('come to the product of 64 bits', async () => {
    expect(relativeDifference(await tiny.product(), await referenceProduct(kernels, SIZES.tiny))).toBeLessThan(1e-5);
  });

  it('of another kind are refused', async () => {
    await expect(tiny.time('hvp-r' satisfies Work, 1)).rejects.toThrow('hvp-r is not among the works');
  });
});

describe('jax-js', () => {
  it('comes to the same Hessian-vector product by jvp of grad', async () => {
    const { entrant: jax } = await jaxEntrant();
    const theirs = await jax.prepare(SIZES.tiny);
    expect(relativeDifference(await theirs.product(), await tiny.product())).toBeLessThan(1e-5);
    expect(await theirs.time('step', 3)).toBeGreaterThan(0);
    // Node has no WebGPU.
    expect(theirs.note('step')).toMatch(
      /^(wasm|cpu), waiting after every (repetition|16 repetitions), was its fastest way \(tried: wasm, cpu\)$/,
    );
    theirs.dispose();
  });
});
