/**
 * The batch of a step: the one rule on its size where nobody asked for one, and whether it comes to all examples. Link,
 * rail, files and the engine all ask here; how many examples a file has is known only once it is read.
 */
import { OPTIMIZERS } from './catalogue';
import type { Experiment, Remark } from './experiment';

type Training = Pick<Experiment, 'opt' | 'batch' | 'sampling'>;

const USUAL_BATCH = 32;

/** The batch of mini-batch SGD where none is asked for: 32 examples, or a quarter of so few that those would be all. */
export function defaultBatch(examples: number): number {
  return examples > USUAL_BATCH ? USUAL_BATCH : Math.max(1, Math.floor(examples / 4));
}

/** Examples in a step of SGD on a data set of so many. */
export function batchFor({ batch }: Pick<Experiment, 'batch'>, examples: number): number {
  return batch === null ? defaultBatch(examples) : Math.min(batch, examples);
}

/** Whether every step goes over all examples: an epoch in one batch is the whole gradient, in whatever order. */
export function isFullBatch(training: Training, examples: number): boolean {
  const { opt, sampling } = training;
  return opt === 'gd' || (sampling === 'epochs' && batchFor(training, examples) === examples);
}

/**
 * What is said of a batch of more examples than the data have, of which all are used then; of a file that is not read yet
 * only the most rows are known.
 */
export function largestBatch(asked: number, examples: number, known = true): Remark {
  const accepted = known
    ? `these data allow 1 to ${examples}, and all ${examples} examples are used`
    : `the file allows as many as it has rows, at most ${examples}, and all of them are used`;
  return { key: 'batch', message: `A batch of ${asked} was asked for: ${accepted}.` };
}

/** Whether a remark is of the kind above, whatever the numbers in it. */
export function saysLargestBatch({ key, message }: Remark): boolean {
  return key === 'batch' && /^A batch of \S+ was asked for: /.test(message);
}

/** The optimiser as it runs on so many examples, with the settings of its own. */
export function optimizerText(training: Training, examples: number): string {
  if (isFullBatch(training, examples)) return OPTIMIZERS.gd.name;
  const { name } = OPTIMIZERS[training.opt];
  const how = training.sampling === 'replacement' ? ' with replacement' : '';
  return `${name} (b\u00a0=\u00a0${batchFor(training, examples)}${how})`;
}
