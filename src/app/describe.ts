/** An experiment in one sentence, for the poster that waits before it starts. */
import { ACTIVATIONS, DATASETS, LOSSES, optimizerText } from '../experiment/catalogue';
import type { Experiment } from '../experiment/experiment';
import { dataShape } from '../experiment/validate';
import { formatShort, formatStep } from '../plot/format';

export function describeExperiment(experiment: Experiment): string {
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
  return `${what}: ${network} on ${LOSSES[loss].name}, by ${optimizerText(experiment)} at η = ${formatShort(lr)}.`.replace(
    /^./,
    (first) => (data === 'csv' ? first : first.toUpperCase()),
  );
}
