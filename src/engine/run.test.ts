/** Runs on the real engine: reproducible, indifferent to being measured, right in what they measure and mark. */
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../experiment/experiment';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import { SMALL, begin, fingerprintOf, trial, type Trial } from './run.testing';
import { denseEigenvalues } from './spectrum/matrices.testing';
import { Matrix } from 'ml-matrix';

describe('θ_t', () => {
  it('does not depend on whether or how often it is measured', async () => {
    const unmeasured = await trial(SMALL, 200, 0);
    const theta = await unmeasured.run.theta();
    for (const every of [1, 3, 64, 70, 200]) {
      const { run } = await trial(SMALL, 200, every);
      expect(await run.theta()).toEqual(theta);
      expect(await fingerprintOf(run)).toBe(await fingerprintOf(unmeasured.run));
    }
  });

  it('does not depend on how many steps are taken at a time, nor on what is kept or looked at between', async () => {
    const whole = await trial(SMALL, 150, 0);
    const { run } = await begin(SMALL);
    for (const count of [1, 63, 1, 65, 20]) {
      await run.advance(count);
      await run.keep();
      await run.eigenvectors();
      await run.landscape.predictor(1, Float64Array.from([0.5, 0.5])).outputs(run.thetaVector);
    }
    expect(run.step).toBe(150);
    expect(await run.theta()).toEqual(await whole.run.theta());
  });

  it('is the same to the bit for ever (default demo, step 300)', async () => {
    const { run } = await trial(DEFAULT_EXPERIMENT, 300, 0);
    expect(await fingerprintOf(run)).toBe('60bdf4723dc90d6d1a730e3f89771489ea5561afbb5a217a08c78b4e4473a284');
  });

  it('depends on k, every, stop and the engine choice in nothing', async () => {
    const { run } = await trial(SMALL, 60, 0);
    const other = await trial({ ...SMALL, k: 7, every: 9, stop: 77, engine: 'wasm' }, 60, 7);
    expect(await fingerprintOf(other.run)).toBe(await fingerprintOf(run));
  });
});

describe('a sample', () => {
  it('agrees with the dense Hessian, residual and all', async () => {
    const { run } = await begin(SMALL);
    const { landscape } = run;
    const P = landscape.dimension;
    const [v, column] = [landscape.vector(), landscape.vector()];
    for (const count of [0, 20, 100]) {
      await run.advance(count);
      const sample = await run.measure();
      landscape.linearise(run.thetaVector);
      const hessian = new Matrix(P, P);
      for (let i = 0; i < P; i++) {
        landscape.write(
          v,
          Float64Array.from({ length: P }, (_, j) => (i === j ? 1 : 0)),
        );
        landscape.hessianProduct(v, column);
        hessian.setColumn(i, (await landscape.read(column))[0]);
      }
      const eigenvalues = denseEigenvalues(hessian.add(hessian.transpose()).mul(0.5));
      for (let i = 0; i < 3; i++) {
        const value = sample?.spectrum.values[i] ?? NaN;
        const residual = sample?.spectrum.residuals[i] ?? NaN;
        expect(Math.abs(value - eigenvalues[i]) / eigenvalues[0]).toBeLessThan(1e-5);
        expect(Math.min(...eigenvalues.map((x) => Math.abs(x - value)))).toBeLessThanOrEqual(residual);
        expect(sample?.values.get(`hessian.lambda${(i + 1) as 1 | 2 | 3}`)).toBe(value);
      }
    }
  });

  it('has the loss, the gradient norm and the threshold of its step', async () => {
    const { run } = await begin(SMALL);
    await run.advance(10);
    const sample = await run.measure();
    const [gradient] = [run.landscape.vector()];
    const scalars = run.landscape.scalars(2);
    run.landscape.gradient(run.thetaVector, gradient, scalars[0]);
    run.landscape.norm(gradient, scalars[1]);
    const [[loss, norm]] = await run.landscape.read(scalars);
    expect(sample?.step).toBe(10);
    expect(sample?.loss).toBe(loss);
    expect(sample?.values.get('loss.train')).toBe(loss);
    expect(sample?.values.get('gradient.norm')).toBe(norm);
    expect(sample?.values.get('threshold')).toBe(5);
  });

  it('measures the midpoint between this θ and the next', async () => {
    const { run } = await begin(SMALL);
    await run.advance(40);
    const before = await run.theta();
    const sample = await run.measure();
    await run.advance(1);
    const after = await run.theta();
    const middle = run.landscape.vector();
    run.landscape.write(
      middle,
      before.map((x, i) => (x + after[i]) / 2),
    );
    const other = await begin({ ...SMALL, lr: 1e-6 });
    other.run.landscape.write(other.run.thetaVector, (await run.landscape.read(middle))[0]);
    const there = await other.run.measure();
    const found = sample?.values.get('hessian.midpoint.lambda1') ?? NaN;
    expect(found / (there?.spectrum.values[0] ?? NaN)).toBeCloseTo(1, 5);
    expect(Math.abs(found / (sample?.spectrum.values[0] ?? NaN) - 1)).toBeGreaterThan(1e-3);
  });

  it('is the same when taken twice', async () => {
    const { run } = await begin(SMALL);
    await run.advance(5);
    expect(await run.measure()).toEqual(await run.measure());
  });

  it('has eigenvectors of unit length that the Hessian only stretches', async () => {
    const { run } = await begin(SMALL);
    await run.advance(30);
    const pairs = await run.eigenvectors();
    const { landscape } = run;
    const P = landscape.dimension;
    const [v, image] = [landscape.vector(), landscape.vector()];
    landscape.linearise(run.thetaVector);
    for (let i = 0; i < 3; i++) {
      const row = pairs?.vectors.subarray(i * P, (i + 1) * P) ?? new Float64Array(P);
      landscape.write(v, row);
      landscape.hessianProduct(v, image);
      const [w] = await landscape.read(image);
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      const value = pairs?.values[i] ?? NaN;
      expect(Math.hypot(...w.map((x, j) => x - value * row[j]))).toBeLessThan(2e-3 * value);
    }
  });
});

describe('the edge', () => {
  const edges = ({ markers }: Trial): unknown[] => markers.filter(({ kind }) => kind === 'edge-reached');

  it.each<[string, Experiment]>([
    ['small', SMALL],
    ['one layer', { ...SMALL, net: [16], n: 60, lr: 0.3 }],
    ['with a change on record', { ...SMALL, at: [{ step: 130, lr: 0.3 }] }],
    ['with an edge soon after a change', { ...SMALL, at: [{ step: 300, lr: 0.3 }] }],
    [
      'with a change just before the edge',
      {
        ...SMALL,
        at: [
          { step: 31, lr: 0.37 },
          { step: 33, lr: 0.35 },
        ],
      },
    ],
    ['with a change to a lower threshold', { ...SMALL, lr: 0.2, at: [{ step: 20, lr: 0.4 }] }],
  ])('is found at the same step with the same value whatever the cadence (%s)', async (_, experiment) => {
    const [truth, five, many] = [
      await trial(experiment, 330, 1),
      await trial(experiment, 330, 5),
      await trial(experiment, 330, 33),
    ];
    expect(edges(truth).length).toBeGreaterThan(0);
    expect(edges(five)).toEqual(edges(truth));
    expect(edges(many)).toEqual(edges(truth));
    // The marker is the first sample at or above the threshold after one below it.
    const threshold = (sample: (typeof truth.samples)[number]): number => sample.values.get('threshold') ?? NaN;
    const first = truth.samples.findIndex(
      (s, i) =>
        i > 0 &&
        s.spectrum.values[0] >= threshold(s) &&
        truth.samples[i - 1].spectrum.values[0] < threshold(truth.samples[i - 1]),
    );
    expect(edges(truth)[0]).toMatchObject({
      step: truth.samples[first].step,
      value: truth.samples[first].spectrum.values[0],
      band: truth.samples[first].spectrum.residuals[0],
    });
  });

  it('of the default demo is at the same step for cadences 1 and 33', async () => {
    const [one, many] = [await trial(DEFAULT_EXPERIMENT, 198, 1), await trial(DEFAULT_EXPERIMENT, 198, 33)];
    expect(edges(many)).toEqual(edges(one));
    expect(edges(one)).toHaveLength(1);
  });

  it('leaves θ where it was when it is refined', async () => {
    const measured = await trial(SMALL, 64, 32);
    const plain = await trial(SMALL, 64, 0);
    expect(edges(measured)).toHaveLength(1);
    expect(await measured.run.theta()).toEqual(await plain.run.theta());
  });

  it('is beyond at once where the run starts above it, and then is not reached without having been below', async () => {
    const { markers } = await trial({ ...SMALL, lr: 0.8 }, 3, 1);
    expect(markers[0]).toMatchObject({ kind: 'beyond-edge', step: 0 });
    expect(markers.filter(({ kind }) => kind === 'beyond-edge')).toHaveLength(1);
  });

  it('is not made up after an undo to an unmeasured step above the threshold', async () => {
    const truth = await trial(SMALL, 60, 1);
    const { run, markers } = await begin(SMALL);
    await run.measure();
    await run.advance(40);
    await run.change(0.1);
    await run.advance(10);
    await run.measure();
    expect(await run.undo()).toBe(40);
    await run.measure();
    await run.advance(20);
    await run.measure();
    expect(markers.filter(({ kind }) => kind === 'edge-reached')).toEqual(edges(truth));
  });
});
