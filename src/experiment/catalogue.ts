/**
 * The catalogue: name, unit, formula, one line and source of everything Edgescope offers or measures. The page shows
 * it, the engine implements it, the link and the exports use its identifiers. Formulas are KaTeX.
 */
import type { ActivationId, DatasetId, InitId, LossId, OptimizerId, SamplingId } from './experiment';

export interface Entry {
  readonly name: string;
  /** One line of explanation. */
  readonly line: string;
  readonly formula: string;
  readonly source: string;
}

export interface DatasetEntry extends Entry {
  readonly task: 'classification' | 'regression' | 'either';
  /** Defaults of `n` and `noise` for this data set. */
  readonly n: number;
  readonly noise: number;
}

export const DATASETS: Readonly<Record<DatasetId, DatasetEntry>> = {
  spirals: {
    name: 'Two spirals',
    line: 'Two interleaved arms of 1.5 turns each; half-MSE on targets ±1, or cross-entropy on two classes.',
    formula: String.raw`x = \tfrac{1.7\,t}{3\pi}\bigl(\cos(t + c\pi), \sin(t + c\pi)\bigr) + \text{noise},\quad t = 3\pi\sqrt{u}`,
    source: 'Lang & Witbrock 1988',
    task: 'classification',
    n: 200,
    noise: 0.02,
  },
  chebyshev: {
    name: 'Chebyshev polynomial',
    line: 'Regression on the Chebyshev polynomial of a given degree at evenly spaced points of [−1, 1].',
    formula: String.raw`x_i = -1 + \tfrac{2i}{n-1},\quad y_i = T_d(x_i)`,
    source: 'Cohen et al. 2021, appendix',
    task: 'regression',
    n: 20,
    noise: 0,
  },
  blobs: {
    name: 'Gaussian blobs',
    line: 'One Gaussian cloud a class around random means; columns standardised, one-hot targets.',
    formula: String.raw`\mu_c \sim s\,\mathcal N(0, I),\quad x_i \sim \mathcal N(\mu_{i \bmod C}, I)`,
    source: 'standard',
    task: 'classification',
    n: 128,
    noise: 0,
  },
  csv: {
    name: 'Your own CSV',
    line: 'A file of yours: numeric columns as inputs, one column as the target. It never leaves your device.',
    formula: String.raw`(x_i, y_i) = \text{row } i`,
    source: 'your file',
    task: 'either',
    n: 10000,
    noise: 0,
  },
};

export const ACTIVATIONS: Readonly<Record<ActivationId, Entry>> = {
  tanh: { name: 'tanh', line: 'Smooth and bounded.', formula: String.raw`\tanh z`, source: 'standard' },
  relu: {
    name: 'ReLU',
    line: 'Piecewise linear; φ″ = 0 off the kink.',
    formula: String.raw`\max(0, z)`,
    source: 'Nair & Hinton 2010',
  },
  gelu: {
    name: 'GELU',
    line: 'The exact one, by the error function.',
    formula: String.raw`z\,\Phi(z)`,
    source: 'Hendrycks & Gimpel 2016',
  },
  softplus: {
    name: 'softplus',
    line: 'A smooth ReLU.',
    formula: String.raw`\log(1 + e^z)`,
    source: 'Dugas et al. 2001',
  },
  sigmoid: {
    name: 'sigmoid',
    line: 'The logistic function.',
    formula: String.raw`1 / (1 + e^{-z})`,
    source: 'standard',
  },
  elu: {
    name: 'ELU',
    line: 'Exponential below zero, identity above.',
    formula: String.raw`z > 0 ? z : e^z - 1`,
    source: 'Clevert et al. 2016',
  },
  linear: {
    name: 'linear',
    line: 'No non-linearity: a deep linear network.',
    formula: String.raw`z`,
    source: 'Saxe et al. 2014',
  },
};

export const LOSSES: Readonly<Record<LossId, Entry>> = {
  mse: {
    name: 'half-MSE',
    line: 'Half the squared error, summed over outputs, averaged over examples.',
    formula: String.raw`L = \tfrac1N \sum_n \tfrac12 \lVert f(x_n) - y_n \rVert^2`,
    source: 'Cohen et al. 2021',
  },
  ce: {
    name: 'cross-entropy',
    line: 'Softmax cross-entropy, averaged over examples.',
    formula: String.raw`L = -\tfrac1N \sum_n \log \operatorname{softmax}(f(x_n))_{y_n}`,
    source: 'standard',
  },
};

export const INITS: Readonly<Record<InitId, Entry>> = {
  lecun: {
    name: 'LeCun',
    line: 'Weights N(0, 1/fan-in), biases 0.',
    formula: String.raw`W \sim \mathcal N(0, 1/n_{\text{in}})`,
    source: 'LeCun et al. 1998',
  },
  pytorch: {
    name: 'PyTorch',
    line: 'Weights and biases uniform on ±1/√fan-in, the default of PyTorch’s linear layer.',
    formula: String.raw`W, b \sim \mathcal U(\pm 1/\sqrt{n_{\text{in}}})`,
    source: 'PyTorch, nn.Linear',
  },
  xavier: {
    name: 'Xavier',
    line: 'Weights N(0, 2/(fan-in + fan-out)), biases 0.',
    formula: String.raw`W \sim \mathcal N\bigl(0, 2/(n_{\text{in}} + n_{\text{out}})\bigr)`,
    source: 'Glorot & Bengio 2010',
  },
  he: {
    name: 'He',
    line: 'Weights N(0, 2/fan-in), biases 0.',
    formula: String.raw`W \sim \mathcal N(0, 2/n_{\text{in}})`,
    source: 'He et al. 2015',
  },
  orthogonal: {
    name: 'orthogonal',
    line: 'Weights with orthonormal rows or columns, biases 0.',
    formula: String.raw`W^\top W = I`,
    source: 'Saxe et al. 2014',
  },
};

export interface OptimizerEntry extends Entry {
  /**
   * The sharpness above which the optimiser is unstable on a quadratic: in KaTeX, as plain text for labels, and as a
   * sentence calls it.
   */
  readonly threshold: { readonly formula: string; readonly label: string; readonly name: string };
}

export const OPTIMIZERS: Readonly<Record<OptimizerId, OptimizerEntry>> = {
  gd: {
    name: 'gradient descent',
    line: 'Full-batch gradient descent with a fixed step size η.',
    formula: String.raw`\theta_{t+1} = \theta_t - \eta \nabla L(\theta_t)`,
    source: 'Cauchy 1847; threshold: Cohen et al. 2021',
    threshold: { formula: String.raw`2/\eta`, label: '2/η', name: '2/η' },
  },
  sgd: {
    name: 'mini-batch SGD',
    line: 'Each step follows the gradient of b examples, the mini-batch. The smaller b is, the further below 2/η their noise usually keeps λ₁ of the full loss.',
    formula: String.raw`\theta_{t+1} = \theta_t - \tfrac{\eta}{b} \textstyle\sum_{i \in B_t} \nabla \ell_i(\theta_t)`,
    source: 'Robbins & Monro 1951; λ₁: Jastrzębski et al. 2020, Andreyev & Beneventano 2024',
    threshold: { formula: String.raw`2/\eta`, label: '2/η', name: 'the full-batch 2/η' },
  },
};

export const SAMPLINGS: Readonly<Record<SamplingId, Entry>> = {
  epochs: {
    name: 'shuffled epochs',
    line: 'Without replacement: every epoch goes through all examples once, in a new random order; the epochs laid end to end are cut into batches.',
    formula: String.raw`B_t = \{\pi_e(j)\},\quad tb \le en + j < (t+1)b`,
    source: 'the usual practice',
  },
  replacement: {
    name: 'with replacement',
    line: 'Every example of a batch is drawn from all of them, independently of every other.',
    formula: String.raw`B_t = \{i_1, \dots, i_b\},\quad i_k \sim \mathcal U\{1, \dots, n\}`,
    source: 'Robbins & Monro 1951',
  },
};

/** At most this many eigenvalues are tracked. */
export const MOST_TRACKED = 12;

type Index = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;
/** Series id of an eigenvalue, counted from the largest. */
export type LambdaId = `hessian.lambda${Index}`;
export type SeriesId =
  | 'loss.train'
  | 'gradient.norm'
  | 'threshold'
  | LambdaId
  | `${LambdaId}.residual`
  | 'hessian.midpoint.lambda1'
  | 'hessian.midpoint.lambda1.residual';

export interface SeriesEntry extends Entry {
  /** Plain-text symbol for labels and read-outs. */
  readonly symbol: string;
  readonly unit: string;
}

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

function subscript(n: number): string {
  return [...String(n)].map((digit) => SUBSCRIPTS[Number(digit)]).join('');
}

/** Series id of the i-th largest Hessian eigenvalue, i from 1. */
export function lambdaSeries(i: number): LambdaId {
  return `hessian.lambda${i as Index}`;
}

/** Series id of the residual of an eigenvalue series. */
export function residualSeries(id: LambdaId | 'hessian.midpoint.lambda1'): SeriesId {
  return `${id}.residual`;
}

/** What a series is; its symbol, unit, formula and source. */
export function seriesEntry(id: SeriesId): SeriesEntry {
  if (id.endsWith('.residual')) {
    const of = seriesEntry(id.slice(0, -'.residual'.length) as SeriesId);
    return {
      name: `residual of ${of.name}`,
      symbol: `‖Hv − ${of.symbol}v‖`,
      unit: of.unit,
      line: 'How far the Ritz pair is from an eigenpair: a true eigenvalue lies within this distance.',
      formula: String.raw`\lVert Hv - \lambda v \rVert \ge \min_i |\lambda - \lambda_i|`,
      source: 'Parlett 1998, ch. 4',
    };
  }
  if (id === 'hessian.midpoint.lambda1') {
    return {
      name: 'sharpness at the midpoint',
      symbol: 'λ₁ mid',
      unit: '1/η',
      line: 'The sharpness half-way between one step and the next. Past the edge gradient descent jumps from side to side of its path, and λ₁ at the steps jumps with it by a few per cent; half-way that nearly cancels, which leaves the steady value to hold against 2/η.',
      formula: String.raw`\lambda_1\bigl(\nabla^2 L(\tfrac{\theta_t + \theta_{t+1}}2)\bigr)`,
      source: 'Damian et al. 2023; Cohen et al. 2024',
    };
  }
  const fixed = FIXED_SERIES[id as keyof typeof FIXED_SERIES] as SeriesEntry | undefined;
  if (fixed) return fixed;
  const i = Number(id.slice('hessian.lambda'.length));
  return {
    name: i === 1 ? 'sharpness' : `eigenvalue ${i}`,
    symbol: `λ${subscript(i)}`,
    unit: '1/η',
    line:
      i === 1
        ? 'The largest eigenvalue of the Hessian of the full training loss, by Lanczos with exact products.'
        : `The Hessian’s eigenvalue number ${i}, counted from the largest.`,
    formula: String.raw`\lambda_{${i}}\bigl(\nabla^2 L(\theta_t)\bigr)`,
    source: 'Cohen et al. 2021',
  };
}

const FIXED_SERIES = {
  'loss.train': {
    name: 'training loss',
    symbol: 'L',
    unit: '',
    line: 'The loss on all training examples.',
    formula: String.raw`L(\theta_t)`,
    source: 'definition',
  },
  'gradient.norm': {
    name: 'gradient norm',
    symbol: '‖∇L‖',
    unit: '',
    line: 'Euclidean norm of the full gradient.',
    formula: String.raw`\lVert \nabla L(\theta_t) \rVert_2`,
    source: 'definition',
  },
  threshold: {
    name: 'stability threshold',
    symbol: '2/η',
    unit: '1/η',
    line: 'The sharpness above which gradient descent with this η diverges on a quadratic; the noise of mini-batches usually keeps λ₁ below it.',
    formula: String.raw`2/\eta`,
    source: 'Cohen et al. 2021; classical',
  },
} as const satisfies Record<string, SeriesEntry>;

export interface MarkerEntry extends Entry {
  readonly symbol: string;
}

export const MARKERS: Readonly<Record<'edge-reached' | 'beyond-edge' | 'change' | 'divergence', MarkerEntry>> = {
  'edge-reached': {
    name: 'edge reached (break-even)',
    symbol: '◆',
    line: 'The first step at which λ₁ ≥ the threshold after having been below it: the full-batch case S = N of the break-even point.',
    formula: String.raw`(1 - \eta\lambda_1)^2 + s^2\eta^2\tfrac{N-S}{S(N-1)} = 1 \;\xrightarrow{S=N}\; \lambda_1 = 2/\eta`,
    source: 'Jastrzębski et al. 2020',
  },
  'beyond-edge': {
    name: 'starts beyond the edge',
    symbol: '◇',
    line: 'The run starts with λ₁ above the threshold: gradient descent is unstable from the first step.',
    formula: String.raw`\lambda_1(\theta_0) > 2/\eta`,
    source: 'Cohen et al. 2021',
  },
  change: {
    name: 'η changed',
    symbol: '│',
    line: 'The learning rate was changed here, and the threshold with it.',
    formula: String.raw`\eta \leftarrow \eta'`,
    source: 'this run',
  },
  divergence: {
    name: 'diverged',
    symbol: '×',
    line: 'The loss left all bounds; the last good state is kept.',
    formula: String.raw`L(\theta_t) > 10^6 \max(1, L(\theta_0)) \text{ or not finite}`,
    source: 'our definition',
  },
};
