/**
 * What is timed, on which problems, by whom: the words that the terminal, the page and the files share. Problems are
 * fully connected tanh networks with half-MSE on random data; `paper` is the network of the edge-of-stability papers on
 * CIFAR-10 (Cohen et al. 2021), and `paper-500` the same with as many examples as a software adapter bears.
 */
import type { EngineId } from '../../experiment/experiment';

export type ProblemId = 'tiny' | 'small' | 'medium' | 'paper' | 'paper-500';

export interface Size {
  readonly id: ProblemId;
  readonly sizes: readonly number[];
  readonly examples: number;
}

export const SIZES: Readonly<Record<ProblemId, Size>> = {
  tiny: { id: 'tiny', sizes: [2, 32, 32, 1], examples: 200 },
  small: { id: 'small', sizes: [64, 64, 64, 10], examples: 1000 },
  medium: { id: 'medium', sizes: [784, 128, 128, 10], examples: 1000 },
  paper: { id: 'paper', sizes: [3072, 200, 200, 10], examples: 5000 },
  'paper-500': { id: 'paper-500', sizes: [3072, 200, 200, 10], examples: 500 },
};

export const LANCZOS_STEPS = 20;
export const LEARNING_RATE = 1e-3;
export const BATCH_SIZE = 32;

/** The kinds of work, and what one repetition of each does. */
export const WORKS = {
  step: 'gradient descent step',
  'step.lanes4': 'steps of 4 runs at once',
  'step.lanes16': 'steps of 16 runs at once',
  minibatch: `step on ${BATCH_SIZE} examples`,
  gradient: 'gradient',
  hvp: 'Hessian-vector product',
  'hvp.lanes4': 'products with 4 vectors at once',
  'hvp.lanes16': 'products with 16 vectors at once',
  'hvp-kept': 'product, graph of the gradient kept',
  'hvp-r': 'product by the R-operator in ops',
  lanczos20: `sharpness by ${LANCZOS_STEPS} Lanczos steps`,
  sharpness: 'sharpness as the app measures it',
} as const satisfies Record<string, string>;

export type Work = keyof typeof WORKS;

/** Works whose times are compared with one another: these take turns. */
export const ROUNDS: readonly { readonly name: string; readonly works: readonly Work[] }[] = [
  {
    name: 'steps and products',
    works: [
      ...(['step', 'step.lanes4', 'step.lanes16', 'minibatch'] as const),
      ...(['gradient', 'hvp', 'hvp.lanes4', 'hvp.lanes16', 'hvp-kept', 'hvp-r'] as const),
    ],
  },
  { name: 'sharpness', works: ['lanczos20', 'sharpness'] },
];

export type PeerId = 'pytorch' | 'tfjs-webgpu' | 'jax-js';
export type EntrantId = EngineId | PeerId;

export const ENGINES: readonly EngineId[] = ['wasm', 'webgpu', 'tensorflow'];
export const PEERS: readonly PeerId[] = ['pytorch', 'tfjs-webgpu', 'jax-js'];
export const ENTRANTS: readonly EntrantId[] = [...ENGINES, ...PEERS];

/** Who can take part in a browser. */
export type BrowserEntrantId = Exclude<EntrantId, 'pytorch'>;
export const IN_BROWSER: readonly BrowserEntrantId[] = ['wasm', 'webgpu', 'tensorflow', 'tfjs-webgpu', 'jax-js'];

/** As the page and the text name them. */
export const NAMES: Readonly<Record<EntrantId, string>> = {
  wasm: 'WASM',
  webgpu: 'WebGPU',
  tensorflow: 'TensorFlow.js engine',
  pytorch: 'PyTorch',
  'tfjs-webgpu': 'TensorFlow.js op by op',
  'jax-js': 'jax-js',
};

/** What must be known to read tables and ratios, a sentence or two each. */
export const READING: readonly string[] = [
  'Ratios that name another library say how many times as fast as it the engine is: more is better. Costs, of a product ' +
    'in gradients and of lanes in single ones, are better small.',
  `${WORKS.hvp}: the WASM and WebGPU engines have linearised at θ beforehand, as in a Lanczos run, and their time is ` +
    'that of the product alone. The others start from θ, so that their time includes a gradient of their own, and so ' +
    'does that of our TensorFlow.js engine, which cannot keep its tape. For a comparison without it see ' +
    `“${WORKS['hvp-r']}” and “${WORKS['hvp-kept']}”, which leave the work at θ out as ours do.`,
  `${WORKS.lanczos20}, and as the app measures it: from a new θ to the value read, linearising included, for everybody.`,
];

/** How long one entrant takes for one repetition of one work on one problem. */
export interface Figure {
  readonly problem: ProblemId;
  /** Null where the entrant could not even be made ready. */
  readonly work: Work | null;
  readonly entrant: EntrantId;
  /** Milliseconds; null where there is no figure, and then the note says why. */
  readonly ms: number | null;
  /** Batches that the milliseconds come from: 0 where there are none. */
  readonly batches: number;
  /** Why there is no figure: it failed, or nobody waits so long. Null where there is one. */
  readonly missing: 'failed' | 'too long' | null;
  /** What must be known to read it, such as the backend that was the fastest. */
  readonly note: string | null;
}

/** "2-32-32-1, n = 200" */
export function describeSize({ sizes, examples }: Size): string {
  return `${sizes.join('-')}, n = ${examples}`;
}
