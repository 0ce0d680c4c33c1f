/** Settings that fit together, and problems cut down before anything is allocated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experiments } from './arbitraries.testing';
import type { Experiment } from './experiment';
import { DEFAULT_EXPERIMENT, defaultsFor } from './schema';
import { MOST_ACTIVATIONS, MOST_PARAMETERS, countParameters, dataShape, reconcile } from './validate';

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
    const most = Math.floor(MOST_ACTIVATIONS / (2 + 600 + 600 + 1));
    expect(reconcile(given({ net: [600, 600], n: most })).remarks).toEqual([]);
    expect(reconcile(given({ net: [600, 600], n: most + 1 })).experiment.n).toBe(most);
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
