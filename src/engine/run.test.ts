/** Runs on the real engine: reproducible, indifferent to being measured, and able to go back. */
import { Interrupted } from './breathe';
import { describe, expect, it } from 'vitest';
import type { Change, Experiment } from '../experiment/experiment';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import { SMALL, begin, goOn, type Trial } from './run.testing';
import { denseEigenvalues } from './spectrum/matrices.testing';
import { Matrix } from 'ml-matrix';

async function trial(experiment: Experiment, to: number, every: number): Promise<Trial> {
  const result = await begin(experiment);
  await goOn(result, to, every);
  return result;
}

describe('θ_t', () => {
  it('does not depend on whether or how often it is measured', async () => {
    const unmeasured = await trial(SMALL, 200, 0);
    const theta = await unmeasured.run.theta();
    for (const every of [1, 3, 64, 70, 200]) {
      const { run } = await trial(SMALL, 200, every);
      expect(await run.theta()).toEqual(theta);
      expect(await run.fingerprint()).toBe(await unmeasured.run.fingerprint());
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
    expect(await run.fingerprint()).toBe('694a22f2fda1dcfddff959ebf08743db23b3aff0c05ff36a0d5dec68ab3a82f9');
  });

  it('depends on k, every, stop and the engine choice in nothing', async () => {
    const { run } = await trial(SMALL, 60, 0);
    const other = await trial({ ...SMALL, k: 7, every: 9, stop: 77, engine: 'wasm' }, 60, 7);
    expect(await other.run.fingerprint()).toBe(await run.fingerprint());
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

describe('changes', () => {
  const at: Change[] = [
    { step: 50, lr: 0.3 },
    { step: 90, lr: 0.05 },
    { step: 91, lr: 0.4 },
  ];

  it('on record equal the same changes by hand, in θ, markers and samples', async () => {
    const recorded = await trial({ ...SMALL, at }, 130, 1);
    const byHand = await begin(SMALL);
    for (const { step, lr } of at) {
      await goOn(byHand, step, 1);
      byHand.samples.pop(); // measured before the change; measured again after it
      expect(await byHand.run.change(lr)).toEqual({ step, lr });
    }
    await goOn(byHand, 130, 1);
    expect(await byHand.run.theta()).toEqual(await recorded.run.theta());
    expect(byHand.markers).toEqual(recorded.markers);
    expect(byHand.samples).toEqual(recorded.samples);
    expect(byHand.run.changes).toEqual(at);
    expect(recorded.run.lr).toBe(0.4);
  });

  it('are in force from their step on, at step 0 too', async () => {
    const { run } = await begin({ ...SMALL, lr: 0.1, at: [{ step: 0, lr: 0.4 }] });
    expect(run.lr).toBe(0.4);
    await run.advance(20);
    expect(await run.fingerprint()).toBe(await (await trial(SMALL, 20, 0)).run.fingerprint());
  });

  it('void what was on record for later', async () => {
    const { run } = await begin({ ...SMALL, at });
    await run.advance(60);
    await run.change(0.2);
    expect(run.changes).toEqual([at[0], { step: 60, lr: 0.2 }]);
    await run.advance(60);
    expect(run.lr).toBe(0.2);
  });
});

describe('undo', () => {
  it('has nothing to do without a change', async () => {
    const { run } = await begin(SMALL);
    await run.advance(3);
    expect(await run.undo()).toBeNull();
    expect(run.step).toBe(3);
  });

  it('returns to the bits before the change, and the run goes on as if it had never been', async () => {
    const plain = await trial(SMALL, 120, 0);
    const { run } = await begin(SMALL);
    await run.advance(70);
    const theta = await run.theta();
    await run.change(0.1);
    await run.advance(30);
    expect(await run.undo()).toBe(70);
    expect(await run.theta()).toEqual(theta);
    expect([run.step, run.lr, run.changes]).toEqual([70, 0.4, []]);
    await run.advance(50);
    expect(await run.theta()).toEqual(await plain.run.theta());
    expect(await run.undo()).toBeNull();
  });

  it('takes back two changes at one step together, and changes at different steps one by one', async () => {
    const { run } = await begin(SMALL);
    await run.advance(10);
    await run.change(0.1);
    await run.change(0.2);
    expect(run.changes).toEqual([{ step: 10, lr: 0.2 }]);
    await run.advance(10);
    await run.change(0.3);
    await run.advance(10);
    expect(await run.undo()).toBe(20);
    expect([run.lr, run.changes]).toEqual([0.2, [{ step: 10, lr: 0.2 }]]);
    expect(await run.undo()).toBe(10);
    expect([run.lr, run.changes]).toEqual([0.4, []]);
    expect(await run.undo()).toBeNull();
  });

  it.each([false, true])(
    'brings back what the link had on record for later (checkpoint after the change: %s)',
    async (kept) => {
      const at = [{ step: 50, lr: 0.3 }];
      const truth = await trial({ ...SMALL, at }, 80, 0);
      const { run } = await begin({ ...SMALL, at });
      await run.advance(20);
      await run.change(0.1);
      if (kept) await run.keep();
      await run.advance(5);
      expect(await run.undo()).toBe(20);
      expect(run.changes).toEqual(at);
      await run.advance(60);
      expect(await run.theta()).toEqual(await truth.run.theta());
    },
  );

  it('also takes back a change on record, and the marker state with it', async () => {
    const trialled = await trial({ ...SMALL, at: [{ step: 50, lr: 0.3 }] }, 80, 1);
    expect(await trialled.run.undo()).toBe(50);
    expect(trialled.run.changes).toEqual([]);
    const before = trialled.markers.length;
    await goOn(trialled, 80, 1);
    // The edge of η = 0.4 had been reached before step 50: it is not reached again.
    expect(trialled.markers.length).toBe(before);
  });
});

describe('divergence', () => {
  it('is noticed at its step, keeps the last good θ and can be left by undo', async () => {
    const stable = await begin(SMALL);
    await stable.run.advance(20);
    await stable.run.keep();
    const good = await stable.run.theta();
    await stable.run.change(2);
    const taken = await stable.run.advance(500);
    const { run, markers } = stable;
    expect(run.divergedAt).toBe(run.step);
    expect(taken).toBe(run.step - 20);
    expect(run.step).toBeLessThan(60);
    expect(markers.at(-1)).toMatchObject({ kind: 'divergence', step: run.step });
    expect(await run.theta()).toEqual(good);
    expect(await run.advance(10)).toBe(0);
    expect(await run.undo()).toBe(20);
    expect([run.divergedAt, run.lr, run.step]).toEqual([null, 0.4, 20]);
    await run.advance(100);
    expect(await run.fingerprint()).toBe(await (await trial(SMALL, 120, 0)).run.fingerprint());
  });

  it('from the first η goes back to the start', async () => {
    const { run, markers } = await trial({ ...SMALL, lr: 2 }, 500, 1);
    expect(run.divergedAt).toBe(6);
    expect(markers.filter(({ kind }) => kind === 'divergence')).toEqual([
      { kind: 'divergence', step: 6, value: expect.any(Number) as number, band: null },
    ]);
    expect(await run.theta()).toEqual(await (await begin(SMALL)).run.theta());
    expect(await run.undo()).toBe(0);
    expect(await run.undo()).toBeNull();
  });

  it('is at the same step whatever the cadence and the step at which one looks', async () => {
    for (const every of [0, 2, 5, 64]) expect((await trial({ ...SMALL, lr: 2 }, 300, every)).run.divergedAt).toBe(6);
  });

  it.each([5, 6, 7, 8])('at or before a change on record (step %i) passes no change and can be left', async (step) => {
    const { run, markers } = await trial({ ...SMALL, lr: 2, at: [{ step, lr: 0.1 }] }, 300, 0);
    const changed = markers.filter(({ kind }) => kind === 'change').length;
    expect(changed).toBe(step <= 6 ? 1 : 0);
    if (run.divergedAt === null) return;
    expect(await run.theta()).toEqual(await (await begin(SMALL)).run.theta());
    const back = await run.undo();
    expect(run.divergedAt).toBeNull();
    expect(back).toBeLessThanOrEqual(6);
    expect((await run.theta()).every(Number.isFinite)).toBe(true);
    expect(await run.fingerprint()).toBe(await (await trial({ ...SMALL, lr: 2 }, back ?? -1, 0)).run.fingerprint());
  });

  it('is noticed by a measurement too', async () => {
    const { run } = await begin(SMALL);
    await run.advance(3);
    run.landscape.write(run.thetaVector, new Float64Array(run.landscape.dimension).fill(NaN));
    expect(await run.measure()).toBeNull();
    expect(run.divergedAt).toBe(3);
    expect((await run.theta()).every(Number.isFinite)).toBe(true);
  });
});

describe('resume', () => {
  it('goes on bit for bit, with the same edge', async () => {
    const experiment = { ...SMALL, at: [{ step: 100, lr: 0.3 }] };
    const truth = await trial(experiment, 180, 1);
    for (const step of [0, 20, 31, 32, 33, 100, 101, 130]) {
      const first = await trial(experiment, step, 1);
      const { theta, changes, edge } = await first.run.keep();
      const second = await begin(experiment, structuredClone({ step, theta, changes, edge }));
      expect([second.run.step, second.run.lr]).toEqual([step, first.run.lr]);
      await goOn(second, 180, 1);
      expect(await second.run.theta()).toEqual(await truth.run.theta());
      const all = [...first.markers, ...second.markers];
      expect(all).toEqual(truth.markers);
    }
  });

  it('keeps where it was resumed as a state to go back to', async () => {
    const first = await trial(SMALL, 40, 1);
    const { theta, edge } = await first.run.keep();
    const { run } = await begin(SMALL, { step: 40, theta, edge, changes: [{ step: 40, lr: 2 }] });
    await run.advance(200);
    expect(run.divergedAt).not.toBeNull();
    expect(await run.theta()).toEqual(theta);
    expect(await run.undo()).toBe(40);
    expect([run.lr, run.changes]).toEqual([0.4, []]);
  });

  it('makes up no edge where the checkpoint is past one that was not measured', async () => {
    const first = await begin(SMALL);
    await first.run.measure();
    await first.run.advance(40);
    const { theta, changes, edge } = await first.run.keep();
    const second = await begin(SMALL, { step: 40, theta, changes, edge });
    await second.run.measure();
    expect(second.markers.length).toBeLessThanOrEqual(1);
    expect(second.markers.every(({ step }) => step === 40)).toBe(true);
    expect(await second.run.theta()).toEqual(theta);
  });
});

describe('something urgent', () => {
  it('cuts a measurement and a replay of the edge short, and nothing is lost by it', async () => {
    const truth = await trial(SMALL, 66, 33);
    let pauses = 0;
    let cutAt = Infinity;
    const { run, markers } = await begin(SMALL, null, {
      breathe: () => Promise.resolve(),
      urgent: () => ++pauses === cutAt,
    });
    await run.measure();
    for (const step of [33, 66]) {
      await run.advance(33);
      const theta = await run.theta();
      // In the measurement at θ, at its midpoint, and in the replay that looks for the edge.
      for (const after of [3, 20, step === 33 ? 300 : 30]) {
        cutAt = pauses + after;
        await expect(run.measure()).rejects.toBeInstanceOf(Interrupted);
        expect(await run.theta()).toEqual(theta);
      }
      const sample = await run.measure();
      expect(sample?.spectrum).toEqual(truth.samples[step / 33].spectrum);
    }
    expect(markers).toEqual(truth.markers);
    expect(await run.theta()).toEqual(await truth.run.theta());
  });

  it('lets steps stop early at a step that was looked at', async () => {
    let urgent = false;
    const { run } = await begin(SMALL, null, { breathe: () => Promise.resolve(), urgent: () => urgent });
    const going = run.advance(40);
    urgent = true;
    const taken = await going;
    expect(taken).toBe(run.step);
    expect(taken).toBeLessThan(40);
    urgent = false;
    await run.advance(40 - taken);
    expect(await run.theta()).toEqual(await (await trial(SMALL, 40, 0)).run.theta());
  });
});
