/**
 * Settings that fit together. Each field is in bounds by itself (`fields.ts`); here the combinations are mended — a
 * classification loss on regression data, one bias flag too few, a batch of more examples than there are — and problems
 * too large for a browser are cut down before anything is allocated. Every correction is one plain sentence.
 */
import { largestBatch } from './batch';
import { DATASETS, LOSSES } from './catalogue';
import { ENGINE_NAMES } from './engines';
import type { Experiment, Remark } from './experiment';
import { DEFAULT_EXPERIMENT } from './schema';

/** Bytes a run may take in all. */
export const MOST_BYTES = 1_073_741_824;
export const MOST_PARAMETERS = 1_000_000;
/** Vectors of P numbers: a Lanczos basis of 97 (96 steps and one), and what is kept of θ, gradients and weights besides. */
const VECTORS = 112;
/** Arrays of [examples, units] that an engine keeps for hidden and output units: activations, their derivatives, deltas. */
const UNIT_ARRAYS = 9;

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

/** Bytes that the numbers of one run take, from above: what grows with P and what each example adds. */
function memory({ precision, opt }: Experiment, sizes: readonly number[]): { parameters: number; example: number } {
  const scalar = precision === 'f64' ? 8 : 4;
  const [inputs, ...units] = sizes;
  // The data as drawn, in 64 bits, and as the engine holds them; once more where mini-batches are gathered from them.
  const data = 8 + scalar * (opt === 'sgd' ? 2 : 1);
  return {
    parameters: VECTORS * scalar * countParameters(sizes, [true]),
    example: data * (inputs + units[units.length - 1]) + UNIT_ARRAYS * scalar * units.reduce((sum, size) => sum + size),
  };
}

/** Bytes that a run takes, from above, of a network of these sizes on so many examples. */
export function bytesFor(experiment: Experiment, sizes: readonly number[], examples: number): number {
  const { parameters, example } = memory(experiment, sizes);
  return parameters + examples * example;
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
    const { parameters, example } = memory(experiment, [shape.inputs, ...experiment.net, shape.outputs]);
    const most = Math.floor((MOST_BYTES - parameters) / example);
    if (experiment.n > most)
      correct({ n: most }, 'n', `${experiment.n} examples of this network need too much memory: ${most} are used.`);
  }
  const { opt, batch, n } = experiment;
  if (opt === 'gd') {
    experiment = { ...experiment, batch: DEFAULT_EXPERIMENT.batch, sampling: DEFAULT_EXPERIMENT.sampling };
  } else if (batch !== null && batch > n) {
    correct({ batch: n }, 'batch', largestBatch(batch, n, shape !== null).message);
  }
  return { experiment, remarks };
}
