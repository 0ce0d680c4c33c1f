/**
 * jax-js: `jit` of a gradient descent step by `grad`, and of the Hessian-vector product by `jvp` of `grad`, in f32. Every
 * backend that starts is tried on every work, waiting seldom and often, and the fastest way is timed: which it was stands
 * in the note.
 *
 * jax-js frees an array when the last reference to it has been handed to a function, so whatever is needed again is
 * handed over as `.ref`.
 */
import { blockUntilReady, getWebGPUDevice, grad, init, jit, jvp, numpy as np } from '@jax-js/jax';
import { clocked, type Entrant, type Workload } from '../entrant';
import { THOROUGH } from '../harness';
import { instanceOf, layerValues, type Instance } from '../problems';
import { LEARNING_RATE, type Work } from '../report/subject';
import { adapterOf, type Peer } from './adapter';

type Backend = 'cpu' | 'wasm' | 'webgpu';
type Layer = { weights: np.Array; bias: np.Array };
type Parameters = Layer[];

const WORKS: readonly Work[] = ['step', 'hvp'];
const BACKENDS: readonly Backend[] = ['wasm', 'webgpu', 'cpu'];
/** `cpu` interprets every operation, for debugging: beyond a thousand parameters or so one only waits for it. */
const MOST_INTERPRETED = 2000;
/**
 * Repetitions between two waits. Results are kept until then: what nobody waits for may never be computed. Where waiting
 * costs a round trip many are better; WebAssembly has to find memory for all of them, and takes 0.36 ms for a step of the
 * tiny problem with one, 0.62 with 16.
 */
const QUEUES: readonly number[] = [1, 16];
/** So long a backend is tried with each. */
const TRIAL_MS = 400;

const kept = (layers: Parameters): Parameters =>
  layers.map(({ weights, bias }) => ({ weights: weights.ref, bias: bias.ref }));

function dispose(layers: Parameters): void {
  for (const { weights, bias } of layers) {
    weights.dispose();
    bias.dispose();
  }
}

interface Runner {
  readonly backend: Backend;
  /** Waits whenever `queued` repetitions have been made, and at the end. */
  run(work: Work, count: number, queued: number): Promise<void>;
  product(): Promise<number[]>;
  dispose(): void;
}

function runnerOn(backend: Backend, instance: Instance): Runner {
  const { problem, theta, direction } = instance;
  const { examples, network } = problem;
  // Arrays put on a device by name stay there, and what is computed from them too.
  const array = (values: Float32Array<ArrayBuffer>, shape: number[]): np.Array =>
    np.array(values, { shape, device: backend });
  const parameters = (flat: Float64Array): Parameters =>
    layerValues(instance, flat).map(({ fanIn, fanOut, weights, bias }) => ({
      weights: array(weights, [fanIn, fanOut]),
      bias: array(bias, [fanOut]),
    }));
  const x = array(Float32Array.from(problem.inputs), [examples, network.sizes[0]]);
  const y = array(Float32Array.from(problem.targets), [examples, network.sizes[network.sizes.length - 1]]);
  const fixed = parameters(theta);
  const v = parameters(direction);
  let moving = parameters(theta);

  const loss = (layers: Parameters, inputs: np.Array, targets: np.Array): np.Array => {
    let a = inputs;
    layers.forEach(({ weights, bias }, l) => {
      const z = np.matmul(a, weights).add(bias);
      a = l < layers.length - 1 ? np.tanh(z) : z;
    });
    return np.sum(np.square(a.sub(targets))).mul(0.5 / examples);
  };
  const step = jit((layers: Parameters, inputs: np.Array, targets: np.Array): Parameters => {
    const gradient = grad(loss)(kept(layers), inputs, targets);
    return layers.map(({ weights, bias }, l) => ({
      weights: weights.sub(gradient[l].weights.mul(LEARNING_RATE)),
      bias: bias.sub(gradient[l].bias.mul(LEARNING_RATE)),
    }));
  });
  const product = jit(
    (layers: Parameters, along: Parameters, inputs: np.Array, targets: np.Array): Parameters =>
      jvp((at: Parameters): Parameters => grad(loss)(at, inputs, targets), [layers], [along])[1],
  );
  const multiply = (): Parameters => product(kept(fixed), kept(v), x.ref, y.ref);

  return {
    backend,
    async run(work, count, queued) {
      let waiting: Parameters[] = [];
      for (let i = 1; i <= count; i++) {
        if (work === 'step') moving = step(moving, x.ref, y.ref);
        else waiting.push(multiply());
        if (i % queued !== 0 && i !== count) continue;
        await blockUntilReady(work === 'step' ? moving : waiting);
        waiting.forEach(dispose);
        waiting = [];
      }
    },
    async product() {
      const parts = multiply().flatMap(({ weights, bias }) => [weights, bias]);
      const values = await Promise.all(parts.map(async (part) => (await part.data()) as Float32Array));
      return values.flatMap((part) => Array.from(part));
    },
    dispose() {
      for (const layers of [fixed, v, moving]) dispose(layers);
      x.dispose();
      y.dispose();
      step.dispose();
      product.dispose();
    },
  };
}

/** How a work is timed. */
interface Way {
  readonly runner: Runner;
  readonly queued: number;
}

/** Milliseconds of one repetition at its quickest, after one that compiles. */
async function trial({ runner, queued }: Way, work: Work): Promise<number> {
  await runner.run(work, 1, queued);
  let best = await clocked(() => runner.run(work, 1, queued));
  let spent = best;
  while (spent < TRIAL_MS) {
    const count = Math.min(4 * queued, Math.max(1, Math.round(THOROUGH.batchMs / best)));
    const ms = await clocked(() => runner.run(work, count, queued));
    best = Math.min(best, ms / count);
    spent += ms;
  }
  return best;
}

/** The fastest way to do a work; a runner that fails is left out. */
async function fastest(runners: readonly Runner[], work: Work): Promise<Way> {
  let best: { readonly way: Way; readonly ms: number } | null = null;
  let failure: unknown = new Error('jax-js has no backend here.');
  for (const runner of runners) {
    for (const queued of QUEUES) {
      try {
        const way = { runner, queued };
        const ms = await trial(way, work);
        if (best === null || ms < best.ms) best = { way, ms };
      } catch (thrown) {
        failure = thrown;
      }
    }
  }
  if (best === null) throw failure;
  return best.way;
}

function workloadOf(backends: readonly Backend[], instance: Instance): Workload {
  const tried = backends.filter((backend) => backend !== 'cpu' || instance.theta.length <= MOST_INTERPRETED);
  const runners = tried.map((backend) => runnerOn(backend, instance));
  const chosen = new Map<Work, Way>();
  const wayOf = async (work: Work): Promise<Way> => {
    const way = chosen.get(work) ?? (await fastest(runners, work));
    chosen.set(work, way);
    return way;
  };
  return {
    works: WORKS,
    async time(work, count) {
      const { runner, queued } = await wayOf(work);
      return clocked(() => runner.run(work, count, queued));
    },
    product: async () => (await wayOf('hvp')).runner.product(),
    note(work) {
      const way = chosen.get(work);
      if (!way) return null;
      const every = way.queued === 1 ? 'every repetition' : `every ${way.queued} repetitions`;
      return `${way.runner.backend}, waiting after ${every}, was its fastest way (tried: ${tried.join(', ')})`;
    },
    dispose() {
      for (const runner of runners) runner.dispose();
    },
  };
}

/** Starts every backend that is to be had. Where pages have no shared memory its WebAssembly has one thread, as ours. */
export async function jaxEntrant(): Promise<Peer> {
  const backends: Backend[] = [];
  for (const backend of BACKENDS) {
    const started: readonly string[] = await init(backend).catch(() => []);
    if (started.includes(backend)) backends.push(backend);
  }
  const entrant: Entrant = { id: 'jax-js', prepare: async (size) => workloadOf(backends, instanceOf(size)) };
  const gpu = backends.includes('webgpu') ? adapterOf(getWebGPUDevice()) : null;
  const names = backends.map((backend) => (backend === 'webgpu' && gpu ? `webgpu on ${gpu.name}` : backend));
  return { entrant, device: `the fastest of its backends ${names.join(', ')}`, hardware: gpu?.hardware ?? null };
}
