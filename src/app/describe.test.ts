import { describe, expect, it } from 'vitest';
import { DEFAULT_EXPERIMENT, defaultsFor } from '../experiment/schema';
import { describeExperiment } from './describe';

describe('an experiment in one sentence', () => {
  it('names data, network, loss and η', () => {
    expect(describeExperiment(DEFAULT_EXPERIMENT)).toBe(
      'Two spirals, 200 points: a 2-32-32-1 tanh network on half-MSE, by gradient descent at η = 0.1.',
    );
  });

  it('names the batches of mini-batch SGD', () => {
    expect(describeExperiment({ ...DEFAULT_EXPERIMENT, opt: 'sgd', batch: 8 })).toMatch(
      /by mini-batch SGD \(b\u00a0=\u00a08\) at η = 0\.1\.$/,
    );
    expect(describeExperiment({ ...DEFAULT_EXPERIMENT, opt: 'sgd', sampling: 'replacement' })).toContain(
      '(b\u00a0=\u00a032 with replacement)',
    );
  });

  it('calls batches of all examples what they are', () => {
    expect(describeExperiment({ ...DEFAULT_EXPERIMENT, opt: 'sgd', batch: 200 })).toContain('by gradient descent at');
    expect(describeExperiment({ ...defaultsFor('chebyshev'), opt: 'sgd' })).toContain('(b\u00a0=\u00a05)');
    expect(describeExperiment({ ...defaultsFor('csv'), opt: 'sgd', batch: 60 }, 60)).toContain(
      'by gradient descent at',
    );
  });

  it('knows linear models and files', () => {
    expect(describeExperiment({ ...defaultsFor('chebyshev'), net: [] })).toContain('a linear model');
    expect(describeExperiment({ ...defaultsFor('csv'), file: 'mine.csv' })).toMatch(/^mine\.csv: a 32-32 tanh network/);
  });
});
