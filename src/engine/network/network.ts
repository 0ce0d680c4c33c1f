/** The network and the problem that an experiment and its data make together. */
import type { Experiment, Remark } from '../../experiment/experiment';
import { EdgescopeError } from '../../experiment/fault';
import { countParameters, MOST_ACTIVATIONS, MOST_PARAMETERS } from '../../experiment/validate';
import type { Dataset } from '../data/dataset';
import type { Network, Problem } from '../landscape/landscape';

/** Throws EdgescopeError('too-large') where a file's width makes the network larger than the caps. */
export function problemOf(experiment: Experiment, dataset: Dataset): { problem: Problem; remarks: Remark[] } {
  const remarks: Remark[] = [];
  const sizes = [dataset.inputWidth, ...experiment.net, dataset.outputWidth];
  const parameters = countParameters(sizes, experiment.bias);
  const activations = dataset.examples * sizes.reduce((sum, size) => sum + size, 0);
  if (parameters > MOST_PARAMETERS || activations > MOST_ACTIVATIONS) {
    throw new EdgescopeError(
      'too-large',
      `A ${sizes.join('-')} network on ${dataset.examples} examples is too large for a browser: at most ` +
        `${MOST_PARAMETERS} parameters and ${MOST_ACTIVATIONS} activations (examples × units); use fewer rows or narrower layers.`,
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
  return { problem: { network, loss, examples, inputs, targets }, remarks };
}
