/**
 * Every setting of an experiment: its default, its limits, its words. The link codec, the controls and the exported
 * file all validate through this one table, so that nothing out of bounds can reach the engine. Keys and defaults are
 * part of every link ever made: they do not change.
 */
import { DATASETS, MOST_TRACKED } from './catalogue';
import type { Experiment, View } from './experiment';

interface Words {
  readonly label: string;
  /** What is accepted, as the end of the sentence "… must be". */
  readonly accepts: string;
}
export interface NumberSpec extends Words {
  readonly kind: 'number' | 'integer';
  readonly min: number;
  readonly max: number;
  /** What a missing value means; null where "unset" is a value of its own (dseed, batch, every). */
  readonly optional?: boolean;
}
export interface ChoiceSpec extends Words {
  readonly kind: 'choice';
  readonly choices: readonly string[];
}
export interface TextSpec extends Words {
  readonly kind: 'text';
  readonly longest: number;
}
export interface OtherSpec extends Words {
  readonly kind: 'flag' | 'widths' | 'flags' | 'changes';
}
export type FieldSpec = NumberSpec | ChoiceSpec | TextSpec | OtherSpec;

const number = (label: string, min: number, max: number): NumberSpec => ({
  kind: 'number',
  label,
  min,
  max,
  accepts: `a number from ${min} to ${max}`,
});
const integer = (label: string, min: number, max: number): NumberSpec => ({
  kind: 'integer',
  label,
  min,
  max,
  accepts: `a whole number from ${min} to ${max}`,
});
const choice = (label: string, choices: readonly string[]): ChoiceSpec => ({
  kind: 'choice',
  label,
  choices,
  accepts: `one of ${choices.join(', ')}`,
});

export const MOST_EXAMPLES = 20_000;
export const MOST_SEED = 4294967295;
export const MOST_STEPS = 1_000_000;
export const WIDEST_LAYER = 1024;
export const MOST_HIDDEN_LAYERS = 8;
export const MOST_CHANGES = 100;
/** Learning rates outside these bounds mean nothing in 32-bit arithmetic. */
export const LR_BOUNDS = [1e-6, 1000] as const;

/** The batch size where there are so many examples: at most all of them. */
export function batchSpec(examples: number): NumberSpec {
  return { ...integer('batch size', 1, examples), optional: true };
}

/** In the canonical order of the link. */
export const FIELDS: Readonly<Record<keyof Experiment, FieldSpec>> = {
  data: choice('data set', Object.keys(DATASETS)),
  n: integer('examples', 2, MOST_EXAMPLES),
  noise: number('noise', 0, 10),
  dseed: { ...integer('data seed', 0, MOST_SEED), optional: true },
  classes: integer('classes', 2, 50),
  dim: integer('input dimensions', 1, 4096),
  sep: number('separation', 0, 100),
  degree: integer('degree', 1, 30),
  file: { kind: 'text', label: 'file', longest: 200, accepts: 'a file name of at most 200 characters' },
  hash: { kind: 'text', label: 'file hash', longest: 64, accepts: '8 to 64 hexadecimal digits' },
  header: choice('header line', ['auto', 'yes', 'no']),
  target: { kind: 'text', label: 'target column', longest: 200, accepts: 'a column number from 1 or a column name' },
  task: choice('task', ['auto', 'classification', 'regression']),
  std: { kind: 'flag', label: 'standardise columns', accepts: '0 or 1' },
  net: {
    kind: 'widths',
    label: 'hidden widths',
    accepts: `up to ${MOST_HIDDEN_LAYERS} widths from 1 to ${WIDEST_LAYER} joined by "-", such as 32-32, or 0 for none`,
  },
  act: choice('activation', ['tanh', 'relu', 'gelu', 'softplus', 'sigmoid', 'elu', 'linear']),
  bias: { kind: 'flags', label: 'biases', accepts: '0, 1, or one digit 0 or 1 for each layer of weights, such as 110' },
  init: choice('initialisation', ['lecun', 'pytorch', 'xavier', 'he', 'orthogonal']),
  scale: number('initial scale', 0, 100),
  loss: choice('loss', ['mse', 'ce']),
  opt: choice('optimiser', ['gd', 'sgd']),
  lr: number('learning rate η', LR_BOUNDS[0], LR_BOUNDS[1]),
  batch: { ...batchSpec(MOST_EXAMPLES), accepts: 'a whole number from 1 to the number of examples' },
  sampling: choice('sampling of batches', ['epochs', 'replacement']),
  seed: integer('seed', 0, MOST_SEED),
  at: {
    kind: 'changes',
    label: 'changes',
    accepts: `up to ${MOST_CHANGES} changes such as 800:lr=0.3;1200:lr=0.1, in order of step`,
  },
  engine: choice('engine', ['auto', 'wasm', 'webgpu', 'tensorflow']),
  precision: choice('precision', ['f32', 'f64']),
  k: integer('eigenvalues tracked', 1, MOST_TRACKED),
  every: { ...integer('steps between measurements', 1, 10_000), optional: true },
  stop: integer('last step', 1, MOST_STEPS),
};

export const VIEW_FIELDS: Readonly<Record<keyof View, FieldSpec>> = {
  play: { kind: 'flag', label: 'start by itself', accepts: '0 or 1' },
  pace: number('steps per second', 0.1, 10_000),
  theme: choice('theme', ['auto', 'light', 'dark']),
  axis: choice('value axis', ['linear', 'log']),
  present: { kind: 'flag', label: 'present', accepts: '0 or 1' },
};

export const DEFAULT_EXPERIMENT: Experiment = {
  data: 'spirals',
  n: DATASETS.spirals.n,
  noise: DATASETS.spirals.noise,
  dseed: null,
  classes: 4,
  dim: 10,
  sep: 0.8,
  degree: 4,
  file: '',
  hash: '',
  header: 'auto',
  target: '',
  task: 'auto',
  std: true,
  net: [32, 32],
  act: 'tanh',
  bias: [true],
  init: 'lecun',
  scale: 1,
  loss: 'mse',
  opt: 'gd',
  lr: 0.1,
  batch: null,
  sampling: 'epochs',
  seed: 1,
  at: [],
  engine: 'auto',
  precision: 'f32',
  k: 3,
  every: null,
  stop: 5000,
};

export const DEFAULT_VIEW: View = { play: true, pace: 60, theme: 'auto', axis: 'linear', present: false };

/** The defaults that hold for a given data set: `n` and `noise` are its own. */
export function defaultsFor(data: Experiment['data']): Experiment {
  const { n, noise } = DATASETS[data];
  return { ...DEFAULT_EXPERIMENT, data, n, noise };
}
