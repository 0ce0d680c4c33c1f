/** An experiment in one sentence, for the poster that waits before it starts. */
import { optimizerText } from '../experiment/batch';
import { ACTIVATIONS, DATASETS, LOSSES } from '../experiment/catalogue';
import type { Experiment } from '../experiment/experiment';
import { dataShape } from '../experiment/validate';
import { formatShort, formatStep } from '../plot/format';

/** The sentence, given how many examples there are: of a file that is known once it is read. */
export function describeExperiment(experiment: Experiment, examples = experiment.n): string {
  const { data, n, file, net, act, loss, lr } = experiment;
  const shape = dataShape(experiment);
  const sizes = shape ? [shape.inputs, ...net, shape.outputs].join('-') : net.join('-');
  const what =
    data === 'csv'
      ? file === ''
        ? 'your CSV'
        : file
      : `${DATASETS[data].name.toLowerCase()}, ${formatStep(n)} points`;
  const network = net.length === 0 ? 'a linear model' : `a ${sizes} ${ACTIVATIONS[act].name} network`;
  return `${what}: ${network} on ${LOSSES[loss].name}, by ${optimizerText(experiment, examples)} at η = ${formatShort(lr)}.`.replace(
    /^./,
    (first) => (data === 'csv' ? first : first.toUpperCase()),
  );
}
