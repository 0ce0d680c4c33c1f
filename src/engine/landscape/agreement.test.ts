/**
 * All engines compute the same loss, gradient and Hessian-vector product, over random networks and mini-batches. The
 * chain of proof: plain loops in f64 prove the f64 kernels on problems that loops can bear; the f64 kernels prove the
 * f32 kernels and TensorFlow.js here, and WebGPU in e2e/engine/agreement.spec.ts, on larger ones.
 *
 * EDGESCOPE_SWEEP multiplies the number of cases, EDGESCOPE_SWEEP_SEED draws others.
 */
import fc from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import { beyond, byEngine, byLoops, errorsOf, sweepCases, type Errors, type Method } from './sweep.testing';
import { createTensorFlowEngine } from './tensorflow/engine';
import { createWasmEngine } from './wasm/engine';
import { readKernels } from './wasm/node';

const FACTOR = Number(process.env.EDGESCOPE_SWEEP ?? 1);
const SEED = Number(process.env.EDGESCOPE_SWEEP_SEED ?? 20_260_301);
const PATIENCE_MS = 120_000 * FACTOR;

const kernels = await readKernels();
const single = byEngine(await createWasmEngine(kernels, 'f32'));
const double = byEngine(await createWasmEngine(kernels, 'f64'));
const tensorFlow = await createTensorFlowEngine({ backend: 'cpu' });
afterAll(() => tensorFlow.dispose());

/** Checks `cases` random cases within the bars; a failure names its seed and the smallest case found. */
async function sweep(what: string, cases: number, budget: number, methods: [Method, Method], bars?: Errors) {
  const worst: Errors = { loss: 0, gradient: 0, product: 0 };
  const property = fc.asyncProperty(sweepCases(budget), async (given) => {
    const errors = await errorsOf(...methods, given);
    for (const key of ['loss', 'gradient', 'product'] as const) worst[key] = Math.max(worst[key], errors[key]);
    const faults = beyond(errors, bars);
    if (faults.length > 0) throw new Error(faults.join('; '));
  });
  await fc.assert(property, { seed: SEED, numRuns: Math.ceil(cases * FACTOR) });
  const figures = Object.entries(worst).map(([key, error]) => `${key} ${error.toExponential(1)}`);
  process.stdout.write(`${what}: ${Math.ceil(cases * FACTOR)} cases with seed ${SEED}, worst ${figures.join(', ')}\n`);
}

describe('over random networks, activations, losses and batches', () => {
  it('WASM in 64 bits agrees with plain loops', { timeout: PATIENCE_MS }, async () => {
    const bars = { loss: 1e-10, gradient: 1e-10, product: 1e-10 };
    await sweep('WASM f64 against loops', 120, 30_000, [double, byLoops], bars);
  });

  it('WASM in 32 bits agrees with 64 bits', { timeout: PATIENCE_MS }, async () => {
    await sweep('WASM f32 against f64', 300, 1_000_000, [single, double]);
  });

  it('TensorFlow.js agrees with 64 bits', { timeout: PATIENCE_MS }, async () => {
    await sweep('TensorFlow.js against f64', 30, 100_000, [byEngine(tensorFlow), double]);
  });
});
