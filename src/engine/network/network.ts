/** The network and the problem that an experiment and its data make together. */
import type { Experiment, Remark } from '../../experiment/experiment';
import { batchFor, isFullBatch, largestBatch } from '../../experiment/batch';
import { EdgescopeError } from '../../experiment/fault';
import { bytesFor, countParameters, MOST_BYTES, MOST_PARAMETERS } from '../../experiment/validate';
import type { Dataset } from '../data/dataset';
import type { Network, Problem } from '../landscape/landscape';

export interface Setting {
  readonly problem: Problem;
  /** Examples in a step's mini-batch; null where every step goes over all of them. */
  readonly batchSize: number | null;
  /** What was corrected because of the data. */
  readonly remarks: readonly Remark[];
}

/** Throws EdgescopeError('too-large') where a file's width makes the network larger than the caps. */
export function problemOf(experiment: Experiment, dataset: Dataset): Setting {
  const remarks: Remark[] = [];
  const sizes = [dataset.inputWidth, ...experiment.net, dataset.outputWidth];
  const parameters = countParameters(sizes, experiment.bias);
  const bytes = bytesFor(experiment, sizes, dataset.examples);
  if (parameters > MOST_PARAMETERS || bytes > MOST_BYTES) {
    throw new EdgescopeError(
      'too-large',
      `A ${sizes.join('-')} network on ${dataset.examples} examples is too large for a browser: at most ` +
        `${MOST_PARAMETERS} parameters and 1 GiB of memory, of which this takes ${(bytes / MOST_BYTES).toFixed(1)} GiB; ` +
        'use fewer rows or narrower layers.',
    );
  }
  let { loss } = experiment;
  if (loss === 'ce' && dataset.classes === 0) {
    loss = 'mse';
    remarks.push({
      key: 'loss',
      message: 'Cross-entropy needs classes, and the target column holds values: half-MSE is used.',
    });
  }
  const biases = sizes.slice(1).map((_, i) => (experiment.bias.length === 1 ? experiment.bias[0] : experiment.bias[i]));
  const network: Network = { sizes, biases, activation: experiment.act };
  const { examples, inputs, targets } = dataset;
  const { opt, batch } = experiment;
  if (opt === 'sgd' && batch !== null && batch > examples) {
    remarks.push(largestBatch(batch, examples));
  }
  return {
    problem: { network, loss, examples, inputs, targets },
    batchSize: isFullBatch(experiment, examples) ? null : batchFor(experiment, examples),
    remarks,
  };
}
