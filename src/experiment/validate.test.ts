/** Settings that fit together, and problems cut down before anything is allocated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experiments } from './arbitraries.testing';
import type { Experiment } from './experiment';
import { DEFAULT_EXPERIMENT, defaultsFor } from './schema';
import { MOST_BYTES, MOST_PARAMETERS, bytesFor, countParameters, dataShape, reconcile } from './validate';

const given = (patch: Partial<Experiment>): Experiment => ({ ...DEFAULT_EXPERIMENT, ...patch });

describe('reconcile', () => {
  it('leaves every data set’s defaults alone', () => {
    for (const data of ['spirals', 'chebyshev', 'blobs', 'csv'] as const) {
      expect(reconcile(defaultsFor(data))).toEqual({ experiment: defaultsFor(data), remarks: [] });
    }
  });

  it('is settled after one pass, within the caps', () => {
    fc.assert(
      fc.property(experiments, (experiment) => {
        expect(reconcile(experiment)).toEqual({ experiment, remarks: [] });
      }),
    );
  });

  it('keeps biases off when a network over the caps is replaced', () => {
    expect(reconcile(given({ net: [1024, 1024], bias: [false] })).experiment).toMatchObject({
      net: [32, 32],
      bias: [false],
    });
    expect(reconcile(given({ net: [1024, 1024], bias: [true, true, false] })).experiment).toMatchObject({
      net: [32, 32],
      bias: [true],
    });
  });

  it('lets the largest problem pass and cuts the next one', () => {
    // The square of a width counts most: 996² is below the cap, 1000² with the rest is above it.
    expect(countParameters([2, 996, 996, 1], [true])).toBe(2 * 996 + 996 + 996 * 996 + 996 + 996 + 1);
    expect(reconcile(given({ net: [996, 996], n: 200 })).remarks).toEqual([]);
    expect(reconcile(given({ net: [1000, 1000], n: 200 })).remarks.map(({ key }) => key)).toEqual(['net']);
    const bytes = (n: number): number => bytesFor(DEFAULT_EXPERIMENT, [2, 900, 900, 1], n);
    const most = reconcile(given({ net: [900, 900], n: 20_000 })).experiment.n;
    expect(bytes(most)).toBeLessThanOrEqual(MOST_BYTES);
    expect(bytes(most + 1)).toBeGreaterThan(MOST_BYTES);
    expect(reconcile(given({ net: [900, 900], n: most })).remarks).toEqual([]);
    expect(reconcile(given({ net: [900, 900], n: most + 1 })).experiment.n).toBe(most);
  });

  it('accepts the problem of the papers, in either precision', () => {
    const paper = { data: 'blobs', noise: 0, dim: 3072, classes: 10, n: 5000, net: [200, 200], loss: 'ce' } as const;
    for (const patch of [{}, { opt: 'sgd', batch: 128 }, { precision: 'f64', engine: 'wasm' }] as const) {
      expect(reconcile(given({ ...paper, ...patch }))).toEqual({
        experiment: given({ ...paper, ...patch }),
        remarks: [],
      });
    }
  });

  it('keeps the data alone within bounds, however wide they are', () => {
    const wide = given({ data: 'blobs', dim: 4096, classes: 50, n: 20_000, net: [], precision: 'f64', engine: 'wasm' });
    const { experiment, remarks } = reconcile(wide);
    expect(remarks.map(({ key }) => key)).toEqual(['n']);
    // As drawn and as the engine holds it, in 64 bits.
    expect(experiment.n * (4096 + 50) * 16).toBeLessThan(MOST_BYTES);
    expect(reconcile({ ...wide, opt: 'sgd' }).experiment.n).toBeLessThan(experiment.n);
  });

  it('lets a batch be at most all examples, and says so where it was asked for', () => {
    const tooMany = reconcile(given({ opt: 'sgd', n: 50, batch: 60 }));
    expect(tooMany.experiment).toEqual(given({ opt: 'sgd', n: 50, batch: 50 }));
    expect(tooMany.remarks.map(({ message }) => message)).toEqual([
      'A batch of 60 was asked for: these data allow 1 to 50, and all 50 examples are used.',
    ]);
    const byDefault = given({ opt: 'sgd', n: 20 });
    expect(reconcile(byDefault)).toEqual({ experiment: byDefault, remarks: [] });
    expect(reconcile(given({ opt: 'sgd', n: 50, batch: 50 })).remarks).toEqual([]);
  });

  it('forgets batches with gradient descent, which has none', () => {
    const { experiment, remarks } = reconcile(given({ batch: 7, sampling: 'replacement' }));
    expect({ experiment, remarks }).toEqual({ experiment: DEFAULT_EXPERIMENT, remarks: [] });
  });

  it('allows cross-entropy wherever there are or may be classes', () => {
    for (const data of ['spirals', 'blobs', 'csv'] as const) {
      expect(reconcile({ ...defaultsFor(data), loss: 'ce' }).experiment.loss).toBe('ce');
    }
    expect(reconcile({ ...defaultsFor('chebyshev'), loss: 'ce' }).experiment.loss).toBe('mse');
  });

  it('writes one flag where all layers agree', () => {
    expect(reconcile(given({ bias: [false, false, false] }))).toEqual({
      experiment: given({ bias: [false] }),
      remarks: [],
    });
  });
});

describe('countParameters', () => {
  it('counts weights and the biases there are', () => {
    expect(countParameters([2, 32, 32, 1], [true])).toBe(1185);
    expect(countParameters([2, 32, 32, 1], [false])).toBe(1120);
    expect(countParameters([2, 3, 2], [true, false])).toBe(15);
    expect(countParameters([1, 100, 1], [true, false])).toBe(300);
    expect(MOST_PARAMETERS).toBe(1_000_000);
  });
});

describe('dataShape', () => {
  it('knows what generated data ask of the network, and that a file is not known yet', () => {
    expect(dataShape(given({}))).toEqual({ inputs: 2, outputs: 1 });
    expect(dataShape(given({ loss: 'ce' }))).toEqual({ inputs: 2, outputs: 2 });
    expect(dataShape(given({ data: 'chebyshev' }))).toEqual({ inputs: 1, outputs: 1 });
    expect(dataShape(given({ data: 'blobs', dim: 7, classes: 3 }))).toEqual({ inputs: 7, outputs: 3 });
    expect(dataShape(given({ data: 'csv' }))).toBeNull();
  });
});
