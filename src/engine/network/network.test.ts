/** The problem that an experiment and its data make together, and the caps it must keep. */
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../experiment/experiment';
import { EdgescopeError } from '../../experiment/fault';
import { DEFAULT_EXPERIMENT } from '../../experiment/schema';
import type { Dataset } from '../data/dataset';
import { problemOf } from './network';

/** A data set that claims its size without taking the memory. */
function dataset(patch: Partial<Dataset>): Dataset {
  return {
    examples: 10,
    inputWidth: 3,
    outputWidth: 2,
    inputs: new Float64Array(30),
    targets: new Float64Array(20),
    labels: null,
    classes: 0,
    ...patch,
  };
}
const given = (patch: Partial<Experiment>): Experiment => ({ ...DEFAULT_EXPERIMENT, data: 'csv', ...patch });

describe('problemOf', () => {
  it('puts the data’s widths around the hidden ones and spreads one bias flag over all layers', () => {
    const { problem, remarks } = problemOf(given({ net: [8, 4], bias: [false] }), dataset({}));
    expect(problem.network).toEqual({ sizes: [3, 8, 4, 2], biases: [false, false, false], activation: 'tanh' });
    expect(remarks).toEqual([]);
    expect(problemOf(given({ net: [8], bias: [true, false] }), dataset({})).problem.network.biases).toEqual([
      true,
      false,
    ]);
    expect(problemOf(given({ net: [] }), dataset({})).problem.network.sizes).toEqual([3, 2]);
  });

  it('uses half-MSE, and says so, where cross-entropy finds no classes', () => {
    const { problem, remarks } = problemOf(given({ loss: 'ce' }), dataset({}));
    expect(problem.loss).toBe('mse');
    expect(remarks).toEqual([
      { key: 'loss', message: 'Cross-entropy needs classes, and the target column holds values: half-MSE is used.' },
    ]);
    expect(problemOf(given({ loss: 'ce' }), dataset({ classes: 2 })).problem.loss).toBe('ce');
  });

  it('takes the problem of the papers', () => {
    const { problem } = problemOf(
      given({ net: [200, 200] }),
      dataset({ examples: 5000, inputWidth: 3072, outputWidth: 10 }),
    );
    expect(problem.network.sizes).toEqual([3072, 200, 200, 10]);
  });

  it('has mini-batches only where they are less than a whole epoch', () => {
    const size = (patch: Partial<Experiment>): number | null => problemOf(given(patch), dataset({})).batchSize;
    expect(size({ batch: 4 })).toBeNull();
    expect(size({ opt: 'sgd', batch: 4 })).toBe(4);
    expect(size({ opt: 'sgd', batch: 4, sampling: 'replacement' })).toBe(4);
    expect(size({ opt: 'sgd', batch: 10 })).toBeNull();
    expect(size({ opt: 'sgd', batch: 10, sampling: 'replacement' })).toBe(10);
  });

  it('says so where a file has fewer examples than the batch', () => {
    const message = 'A batch of 32 was asked for: these data allow 1 to 10, and all 10 examples are used.';
    const asked = { opt: 'sgd', batch: 32 } as const;
    expect(problemOf(given(asked), dataset({})).remarks).toEqual([{ key: 'batch', message }]);
    expect(problemOf(given({ ...asked, sampling: 'replacement' }), dataset({})).batchSize).toBe(10);
    expect(problemOf(given({ opt: 'sgd', batch: 10 }), dataset({})).remarks).toEqual([]);
    expect(problemOf(given({ batch: 11 }), dataset({})).remarks).toEqual([]);
  });

  it('says nothing where nobody asked for more, and takes a quarter of the few', () => {
    for (const sampling of ['epochs', 'replacement'] as const) {
      expect(problemOf(given({ opt: 'sgd', sampling }), dataset({}))).toMatchObject({ batchSize: 2, remarks: [] });
    }
  });

  it.each([
    ['parameters', given({ net: [1000, 1000] }), dataset({})],
    ['bytes', given({}), dataset({ examples: 20_000, inputWidth: 4096, outputWidth: 50 })],
  ])('refuses too many %s with a fault that names the network', (_, experiment, data) => {
    const attempt = (): unknown => problemOf(experiment, data);
    expect(attempt).toThrow(EdgescopeError);
    expect(attempt).toThrow(/is too large for a browser/);
    expect(attempt).toThrow(expect.objectContaining({ code: 'too-large' }));
  });
});
