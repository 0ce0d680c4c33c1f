/**
 * jax-js: `jit` of a gradient descent step by `grad`, and of the Hessian-vector product by `jvp` of `grad`, in f32. Every
 * backend that starts is tried on every work, and the fastest is timed: which one it was stands in the note.
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
/** Repetitions between two waits. Results are kept until then: what nobody waits for may never be computed. */
const QUEUED = 16;
/** So long a backend is tried. */
const TRIAL_MS = 500;

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
  run(work: Work, count: number): Promise<void>;
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
    async run(work, count) {
      let waiting: Parameters[] = [];
      for (let i = 1; i <= count; i++) {
        if (work === 'step') moving = step(moving, x.ref, y.ref);
        else waiting.push(multiply());
        if (i % QUEUED !== 0 && i !== count) continue;
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

/**
 * Milliseconds of one repetition at its quickest, after one that compiles; as many are queued as will be when it is
 * timed, since waiting costs the backends very different amounts.
 */
async function trial(runner: Runner, work: Work): Promise<number> {
  await runner.run(work, 1);
  let best = await clocked(() => runner.run(work, 1));
  let spent = best;
  while (spent < TRIAL_MS) {
    const count = Math.min(QUEUED, Math.max(1, Math.round(THOROUGH.batchMs / best)));
    const ms = await clocked(() => runner.run(work, count));
    best = Math.min(best, ms / count);
    spent += ms;
  }
  return best;
}

/** The fastest of the runners at a work; one that fails is left out. */
async function fastest(runners: readonly Runner[], work: Work): Promise<Runner> {
  let best: { readonly runner: Runner; readonly ms: number } | null = null;
  let failure: unknown = new Error('jax-js has no backend here.');
  for (const runner of runners) {
    try {
      const ms = await trial(runner, work);
      if (best === null || ms < best.ms) best = { runner, ms };
    } catch (thrown) {
      failure = thrown;
    }
  }
  if (best === null) throw failure;
  return best.runner;
}

function workloadOf(backends: readonly Backend[], instance: Instance): Workload {
  const tried = backends.filter((backend) => backend !== 'cpu' || instance.theta.length <= MOST_INTERPRETED);
  const runners = tried.map((backend) => runnerOn(backend, instance));
  const chosen = new Map<Work, Runner>();
  const runnerFor = async (work: Work): Promise<Runner> => {
    const runner = chosen.get(work) ?? (await fastest(runners, work));
    chosen.set(work, runner);
    return runner;
  };
  return {
    works: WORKS,
    async time(work, count) {
      const runner = await runnerFor(work);
      return clocked(() => runner.run(work, count));
    },
    product: async () => (await runnerFor('hvp')).product(),
    note: (work) => `${chosen.get(work)?.backend} was its fastest backend of ${tried.join(', ')}`,
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
