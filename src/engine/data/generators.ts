/**
 * The generated data sets. The order of draws is part of every link and is written down with each generator.
 */
import type { Experiment } from '../../experiment/experiment';
import { EdgescopeError } from '../../experiment/fault';
import type { DeterministicMath } from '../deterministic';
import { randomStream, type RandomStream } from '../random';
import { oneHot, standardise, type Dataset } from './dataset';

/** Outer radius of the spirals; with `noise` as a fraction of it. */
const SPIRAL_RADIUS = 1.7;

/**
 * Two spirals of 1.5 turns. Example i belongs to class i mod 2; draws: u (arm position), then a normal for x, then one
 * for y. t = 3π√u, radius 1.7 t/3π, angle t + cπ (Lang & Witbrock 1988, with √u for even density along the arm).
 */
function spirals(experiment: Experiment, random: RandomStream, math: DeterministicMath): Dataset {
  const { n, noise } = experiment;
  const inputs = new Float64Array(2 * n);
  const labels = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const label = i % 2;
    const t = 3 * Math.PI * Math.sqrt(random.uniform());
    const radius = (SPIRAL_RADIUS * t) / (3 * Math.PI);
    const angle = t + label * Math.PI;
    inputs[2 * i] = radius * math.cos(angle) + noise * SPIRAL_RADIUS * random.normal();
    inputs[2 * i + 1] = radius * math.sin(angle) + noise * SPIRAL_RADIUS * random.normal();
    labels[i] = label;
  }
  const oneOutput = experiment.loss === 'mse';
  const targets = oneOutput ? Float64Array.from(labels, (label) => 2 * label - 1) : oneHot(labels, 2);
  return { examples: n, inputWidth: 2, outputWidth: oneOutput ? 1 : 2, inputs, targets, labels, classes: 2 };
}

/** T_d at n even points of [−1, 1] by its three-term recurrence; one normal an example, only where noise > 0. */
function chebyshev(experiment: Experiment, random: RandomStream): Dataset {
  const { n, degree, noise } = experiment;
  const inputs = Float64Array.from({ length: n }, (_, i) => -1 + (2 * i) / (n - 1));
  const targets = inputs.map((x) => {
    let [previous, current] = [1, x];
    for (let d = 1; d < degree; d++) [previous, current] = [current, 2 * x * current - previous];
    return noise > 0 ? current + noise * random.normal() : current;
  });
  return { examples: n, inputWidth: 1, outputWidth: 1, inputs, targets, labels: null, classes: 0 };
}

/**
 * Gaussian classes. Draws: class means row-major [classes, dim], each sep · normal; then the examples row-major, example
 * i around mean i mod classes with unit noise. Columns are standardised.
 */
function blobs(experiment: Experiment, random: RandomStream): Dataset {
  const { n, classes, dim, sep } = experiment;
  const means = Float64Array.from({ length: classes * dim }, () => sep * random.normal());
  const labels = Int32Array.from({ length: n }, (_, i) => i % classes);
  const inputs = new Float64Array(n * dim);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < dim; j++) inputs[i * dim + j] = means[labels[i] * dim + j] + random.normal();
  }
  standardise(inputs, n, dim);
  return {
    examples: n,
    inputWidth: dim,
    outputWidth: classes,
    inputs,
    targets: oneHot(labels, classes),
    labels,
    classes,
  };
}

/** The generated data set of an experiment; `csv` has its own reader. */
export function generate(experiment: Experiment, math: DeterministicMath): Dataset {
  const random = randomStream(math, experiment.dseed ?? experiment.seed, 'data');
  switch (experiment.data) {
    case 'spirals':
      return spirals(experiment, random, math);
    case 'chebyshev':
      return chebyshev(experiment, random);
    case 'blobs':
      return blobs(experiment, random);
    case 'csv':
      throw new EdgescopeError('data', 'This experiment trains on a CSV file, and none was given.');
  }
}
