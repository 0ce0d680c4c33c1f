/**
 * All engines compute the same loss, gradient and Hessian-vector product, over random networks and mini-batches. The
 * chain of proof: plain loops in f64 prove the f64 kernels on problems that loops can bear; the f64 kernels prove the
 * f32 kernels and TensorFlow.js here, and WebGPU in e2e/engine/agreement.spec.ts, on larger ones.
 *
 * EDGESCOPE_SWEEP multiplies the number of cases, EDGESCOPE_SWEEP_SEED draws others.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { gaps, sweepCases, type SweepCase } from './sweep-cases.testing';
import { byEngine, byLoops, errorsOf, sweep, type Errors, type Method } from './sweep.testing';
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

interface Sweep {
  readonly what: string;
  readonly cases: readonly SweepCase[];
  /** What is proved, and by what. */
  readonly methods: readonly [Method, Method];
  /** Those of 32 bits where none are given. */
  readonly bars?: Errors;
}

const SWEEPS: readonly Sweep[] = [
  {
    what: 'WASM in 64 bits agrees with plain loops',
    cases: sweepCases(Math.ceil(120 * FACTOR), 60_000, SEED),
    methods: [double, byLoops],
    bars: { loss: 1e-10, gradient: 1e-10, product: 1e-10 },
  },
  {
    what: 'WASM in 32 bits agrees with 64 bits',
    cases: sweepCases(Math.ceil(300 * FACTOR), 2_000_000, SEED),
    methods: [single, double],
  },
  {
    what: 'TensorFlow.js agrees with 64 bits',
    cases: sweepCases(Math.ceil(60 * FACTOR), 300_000, SEED),
    methods: [byEngine(tensorFlow), double],
  },
];

describe.each(SWEEPS)('$what', ({ what, cases, methods, bars }) => {
  it('over every activation, loss, depth and lane count, a third on mini-batches proper', () => {
    expect(gaps(cases)).toEqual([]);
  });

  it(`on ${cases.length} random cases (seed ${SEED})`, { timeout: PATIENCE_MS }, async () => {
    expect(await sweep(what, cases, (given) => errorsOf(...methods, given), bars)).toEqual([]);
  });
});
