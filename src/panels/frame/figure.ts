/** What a saved figure says of itself: the experiment in words and as its link. */
import { optimizerText } from '../../experiment/batch';
import { ACTIVATIONS, DATASETS, LOSSES } from '../../experiment/catalogue';
import { encodeLink } from '../../experiment/link';
import { formatShort, formatStep } from '../../plot/format';
import type { FigureText } from '../../plot/figure';
import { experimentStore } from '../../state/experiment';
import { examplesOf, runStore } from '../../state/run';

/** Title and name of the value axis. */
export type FigureName = Omit<FigureText, 'notes'>;

export function figureText(name: FigureName): FigureText {
  const { experiment, view } = experimentStore.getState();
  const run = runStore.getState();
  const { step, lr } = run;
  const { data, n, file, net, act, loss, seed } = experiment;
  const what = data === 'csv' ? file : `${DATASETS[data].name}, ${n} examples`;
  const network = net.length === 0 ? 'linear model' : `hidden layers ${net.join('-')}, ${ACTIVATIONS[act].name}`;
  const rate = formatShort(lr > 0 ? lr : experiment.lr);
  const training = `${LOSSES[loss].name}, ${optimizerText(experiment, examplesOf(run, experiment))}, η\u00a0=\u00a0${rate}, seed\u00a0${seed}`;
  const link = `${location.origin}${location.pathname}${encodeLink(experiment, view)}`;
  return { ...name, notes: [`${what}; ${network}; ${training}; step\u00a0${formatStep(step)}.`, link] };
}
