import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../experiment/experiment';
import { decodeLink } from '../../experiment/link';
import { DEFAULT_EXPERIMENT } from '../../experiment/schema';
import { generate } from '../data/generators';
import { deterministicMath } from '../deterministic';
import { reference } from '../landscape/reference.testing';
import { createWasmEngine } from '../landscape/wasm/engine';
import { readKernels } from '../landscape/wasm/node';
import { problemOf } from '../network/network';
import { measurableSeries, seriesRecord } from './record';
import { record, type Recording, type RecordingPlan } from './recorder';

let kernels: WebAssembly.Module;
beforeAll(async () => {
  kernels = await readKernels();
});

async function recorded(settings: Partial<Experiment>, plan: Partial<RecordingPlan>): Promise<Recording> {
  const experiment = { ...DEFAULT_EXPERIMENT, n: 50, net: [8], ...settings };
  const math = deterministicMath(kernels);
  const engine = await createWasmEngine(kernels, experiment.precision);
  const dataset = generate(experiment, math);
  const full = { steps: 12, every: 5, snapshots: [0, 12], measure: null, arrays: true, ...plan };
  return record({ experiment, dataset, engine, math }, full);
}

describe('a recording', () => {
  it('holds every series at every measured step and at the snapshots', async () => {
    const { record: run } = await recorded({}, { snapshots: [0, 7, 12] });
    expect(Object.keys(run.series)).toEqual(measurableSeries(3));
    for (const { step, value, gaps } of Object.values(run.series)) {
      expect(step).toEqual([0, 5, 7, 10, 12]);
      expect(value.every((x) => typeof x === 'number')).toBe(true);
      expect(gaps).toBeUndefined();
    }
    expect(run.spectra.map(({ step }) => step)).toEqual([0, 7, 12]);
    expect(run.spectra[1].values[0]).toBe(run.series['hessian.lambda1'].value[2]);
    expect(run.series.threshold.value).toEqual([20, 20, 20, 20, 20]);
  });

  it('describes what ran, and its link runs the same again', async () => {
    const { record: run } = await recorded({ loss: 'ce', bias: [true, false] }, {});
    expect(run).toMatchObject({
      format: 'edgescope-run/1',
      engine: { name: 'wasm', precision: 'f32', deterministic: true },
      network: { sizes: [2, 8, 2], activation: 'tanh', parametrisation: 'standard', parameters: 40 },
      loss: 'cross-entropy',
      experiment: { lr: 0.1, weightDecay: 0, engine: 'wasm', stop: 12 },
      data: { examples: 50, inputs: 2, outputs: 2, classes: 2 },
    });
    expect(run.network.layout.map(({ name, offset }) => [name, offset])).toEqual([
      ['W1', 0],
      ['b1', 16],
      ['W2', 24],
    ]);
    const { experiment, remarks } = decodeLink(run.link);
    expect(remarks).toEqual([]);
    expect({ ...experiment, weightDecay: 0 }).toEqual(run.experiment);
  });

  it('keeps X, Y, θ, eigenvalues and unit eigenvectors, in the precision of the engine', async () => {
    const { record: run, arrays } = await recorded({ precision: 'f64' }, {});
    const P = run.network.parameters;
    expect([...arrays].map(([name, { shape }]) => [name, shape])).toEqual([
      ['X', [50, 2]],
      ['Y', [50, 1]],
      ['theta_0', [P]],
      ['eigenvalues_0', [3]],
      ['eigenvectors_0', [3, P]],
      ['theta_12', [P]],
      ['eigenvalues_12', [3]],
      ['eigenvectors_12', [3, P]],
    ]);
    expect([...(arrays.get('eigenvalues_12')?.data ?? [])]).toEqual(run.spectra[1].values);
    const first = arrays.get('eigenvectors_12')?.data.subarray(0, P) ?? [];
    expect(Math.hypot(...first)).toBeCloseTo(1, 10);
    expect((await recorded({}, {})).arrays.get('theta_12')?.data).toBeInstanceOf(Float32Array);
    expect((await recorded({}, { arrays: false })).arrays.size).toBe(0);
  });

  it('of mini-batches keeps the examples of every step, from which anyone can take the steps again', async () => {
    const given = { opt: 'sgd', batch: 7, precision: 'f64' } as const;
    const { record: run, arrays } = await recorded(given, { steps: 20, snapshots: [0, 20] });
    expect(run.experiment).toMatchObject({ opt: 'sgd', batch: 7, sampling: 'epochs', lr: 0.1 });
    const batches = arrays.get('batches');
    expect(batches?.data).toBeInstanceOf(Uint32Array);
    expect(batches?.shape).toEqual([20, 7]);
    const of = (name: string): Float64Array => Float64Array.from(arrays.get(name)?.data ?? []);
    const [X, Y, theta] = [of('X'), of('Y'), of('theta_0')];
    const { network } = problemOf(
      { ...DEFAULT_EXPERIMENT, net: [8] },
      generate(DEFAULT_EXPERIMENT, deterministicMath(kernels)),
    ).problem;
    for (let step = 0; step < 20; step++) {
      const rows = [...(batches?.data ?? [])].slice(7 * step, 7 * step + 7);
      const inputs = Float64Array.from(rows.flatMap((row) => [X[2 * row], X[2 * row + 1]]));
      const targets = Float64Array.from(rows, (row) => Y[row]);
      const problem = { network, loss: 'mse', examples: 7, inputs, targets } as const;
      const { gradient } = reference(problem, theta, theta, Math);
      gradient.forEach((g, i) => (theta[i] -= 0.1 * g));
    }
    const ends = of('theta_20');
    expect(Math.max(...theta.map((x, i) => Math.abs(x - ends[i])))).toBeLessThan(1e-12);
  });

  it('has the batches of the steps that were taken, and none where steps go over all examples', async () => {
    expect((await recorded({}, {})).arrays.has('batches')).toBe(false);
    const full = await recorded({ opt: 'sgd', batch: 50 }, {});
    expect(full.arrays.has('batches')).toBe(false);
    expect(full.record.experiment.batch).toBe(50);
    const { record: cut, arrays } = await recorded({ opt: 'sgd', lr: 100, act: 'linear' }, { steps: 600_000 });
    expect(arrays.get('batches')?.shape[0]).toBe(cut.events[0].step);
  });

  it('says so where the batches of all steps are too many to be kept', async () => {
    // Of 64 MiB, 1024 indices of 4 bytes a step leave room for 16 384 steps.
    const given = { n: 2000, net: [], opt: 'sgd', batch: 1024, lr: 1e-6, k: 1 } as const;
    const plan = { every: 100_000, snapshots: [], measure: ['loss.train'] } as const;
    const most = await recorded(given, { ...plan, steps: 16_384 });
    expect([most.arrays.get('batches')?.shape, most.record.remarks]).toEqual([[16_384, 1024], []]);
    const more = await recorded(given, { ...plan, steps: 16_385 });
    expect(more.arrays.has('batches')).toBe(false);
    expect(more.record.remarks).toEqual([
      {
        key: 'batch',
        message: 'The batches of 16385 steps would take 65 MiB, over 64: the arrays are without them.',
      },
    ]);
    expect((await recorded(given, { ...plan, steps: 16_385, arrays: false })).record.remarks).toEqual([]);
  });

  it('says the batch that the data allowed', async () => {
    const { record: run } = await recorded({ opt: 'sgd', batch: 60, sampling: 'replacement' }, {});
    expect(run.experiment.batch).toBe(50);
    expect(run.remarks.map(({ key }) => key)).toEqual(['batch']);
    expect(decodeLink(run.link)).toMatchObject({ experiment: { opt: 'sgd', batch: 50 }, remarks: [] });
  });

  it('carries the SHA-256 of the bytes of θ', async () => {
    const { record: run, arrays } = await recorded({}, {});
    const theta = arrays.get('theta_12')?.data ?? new Float32Array();
    const bytes = new Uint8Array(theta.buffer, theta.byteOffset, theta.byteLength);
    expect(run.fingerprints['12']).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('is the same run however it is measured', async () => {
    const often = await recorded({}, { every: 1 });
    const seldom = await recorded({}, { every: 100, snapshots: [12], measure: ['loss.train'] });
    expect(seldom.record.fingerprints['12']).toBe(often.record.fingerprints['12']);
    expect(Object.keys(seldom.record.series)).toEqual(['loss.train']);
    expect(seldom.record.series['loss.train'].value.at(-1)).toBe(often.record.series['loss.train'].value.at(-1));
  });

  it('notes the changes it passes', async () => {
    const { record: run } = await recorded(
      {
        at: [
          { step: 6, lr: 0.2 },
          { step: 40, lr: 0.4 },
        ],
      },
      { every: 1 },
    );
    expect(run.events).toEqual([{ kind: 'change', step: 6, lr: 0.2 }]);
    expect(run.series.threshold.value[5]).toBe(20);
    expect(run.series.threshold.value[6]).toBe(10);
    expect(run.link).toContain('at=6:lr=0.2;40:lr=0.4');
  });

  it('ends at a divergence and says so', async () => {
    const { record: run } = await recorded({ lr: 100, act: 'linear' }, { steps: 200, snapshots: [0, 200], every: 1 });
    const end = run.events.find(({ kind }) => kind === 'divergence');
    expect(end?.step).toBeGreaterThan(0);
    expect(run.markers.some(({ kind, step }) => kind === 'divergence' && step === end?.step)).toBe(true);
    expect(run.snapshots).toEqual([0]);
    const { step, value, gaps } = run.series['hessian.lambda1'];
    expect(step.at(-1)).toBe(end?.step);
    expect(value.at(-1)).toBeNull();
    expect(gaps).toEqual([{ step: end?.step, reason: expect.stringContaining('diverged') as string }]);
    expect(JSON.stringify(run)).not.toContain('NaN');
  });

  it('refuses to keep more than fits', async () => {
    const snapshots = Array.from({ length: 1_200_000 }, (_, i) => i);
    await expect(recorded({}, { snapshots, steps: 1_200_000 })).rejects.toThrow('over 1 GB');
  });
});

describe('a series', () => {
  it('writes what is not finite as null, with the reason', () => {
    expect(seriesRecord([0, 1, 2], [1, NaN, -Infinity], (step) => `at ${step}`)).toEqual({
      step: [0, 1, 2],
      value: [1, null, null],
      gaps: [
        { step: 1, reason: 'at 1' },
        { step: 2, reason: 'at 2' },
      ],
    });
  });
});
