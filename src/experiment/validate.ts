/**
 * Settings that fit together. Each field is in bounds by itself (`fields.ts`); here the combinations are mended — a
 * classification loss on regression data, one bias flag too few — and problems too large for a browser are cut down
 * before anything is allocated. Every correction is one plain sentence.
 */
import { DATASETS, LOSSES } from './catalogue';
import { ENGINE_NAMES } from './engines';
import type { Experiment, Remark } from './experiment';

/** Examples × units, over all layers: what the engine's activation arrays are proportional to. */
export const MOST_ACTIVATIONS = 8_388_608;
/** P: the meter keeps a Lanczos basis of 97 vectors of this length (96 steps and one), 388 MB in 32-bit floats. */
export const MOST_PARAMETERS = 1_000_000;

/** Inputs and outputs of the network that a generated data set asks for; null for a file, which is not known yet. */
export function dataShape(experiment: Experiment): { inputs: number; outputs: number } | null {
  switch (experiment.data) {
    case 'spirals':
      return { inputs: 2, outputs: experiment.loss === 'ce' ? 2 : 1 };
    case 'chebyshev':
      return { inputs: 1, outputs: 1 };
    case 'blobs':
      return { inputs: experiment.dim, outputs: experiment.classes };
    case 'csv':
      return null;
  }
}

/** P for a network with these layer sizes. */
export function countParameters(sizes: readonly number[], bias: readonly boolean[]): number {
  let count = 0;
  for (let l = 1; l < sizes.length; l++) {
    const hasBias = bias.length === 1 ? bias[0] : bias[l - 1];
    count += sizes[l - 1] * sizes[l] + (hasBias ? sizes[l] : 0);
  }
  return count;
}

/** The nearest experiment whose settings fit together, and what was changed. */
export function reconcile(given: Experiment): { experiment: Experiment; remarks: Remark[] } {
  const remarks: Remark[] = [];
  let experiment = given;
  const correct = (patch: Partial<Experiment>, key: string, message: string): void => {
    experiment = { ...experiment, ...patch };
    remarks.push({ key, message });
  };

  if (experiment.loss === 'ce' && DATASETS[experiment.data].task === 'regression') {
    correct(
      { loss: 'mse' },
      'loss',
      `${LOSSES.ce.name} needs classes, and ${DATASETS[experiment.data].name} has none: half-MSE is used.`,
    );
  }
  const layerCount = experiment.net.length + 1;
  if (experiment.bias.length !== 1 && experiment.bias.length !== layerCount) {
    correct(
      { bias: [true] },
      'bias',
      `bias gives ${experiment.bias.length} flags for ${layerCount} layers: every layer has biases.`,
    );
  }
  if (experiment.bias.length > 1 && experiment.bias.every((flag) => flag === experiment.bias[0])) {
    experiment = { ...experiment, bias: [experiment.bias[0]] };
  }
  const { engine, precision } = experiment;
  if (precision === 'f64' && engine !== 'auto' && engine !== 'wasm') {
    const name = ENGINE_NAMES[engine];
    correct({ precision: 'f32' }, 'precision', `${name} computes in 32 bits: precision=f64 needs engine=wasm.`);
  }
  const shape = dataShape(experiment);
  if (shape) {
    const sizes = [shape.inputs, ...experiment.net, shape.outputs];
    if (countParameters(sizes, experiment.bias) > MOST_PARAMETERS) {
      const bias = experiment.bias.length === 1 ? experiment.bias : [true];
      correct(
        { net: [32, 32], bias },
        'net',
        `the network ${sizes.join('-')} has over ${MOST_PARAMETERS} parameters: 32-32 is used.`,
      );
    }
    const units = [shape.inputs, ...experiment.net, shape.outputs].reduce((sum, size) => sum + size, 0);
    const most = Math.max(2, Math.floor(MOST_ACTIVATIONS / units));
    if (experiment.n > most)
      correct({ n: most }, 'n', `${experiment.n} examples of this network need too much memory: ${most} are used.`);
  }
  return { experiment, remarks };
}
