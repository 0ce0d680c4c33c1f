/** The works on any engine that fulfils the landscape contract: the optimiser, the Lanczos and the meter of the app. */
import type { Breathe } from '../engine/breathe';
import type { DeterministicMath } from '../engine/deterministic';
import { Meter } from '../engine/instruments/meter';
import type { Engine, Landscape, Scalar, Vector } from '../engine/landscape/landscape';
import { gradientDescent } from '../engine/optimizers/gd';
import { Lanczos } from '../engine/spectrum/lanczos';
import { clocked, type Entrant, type Workload } from './entrant';
import { instanceOf, type Instance } from './problems';
import { BATCH_SIZE, LANCZOS_STEPS, LEARNING_RATE, type Work } from './report/subject';

/** Eigenvalues tracked by a measurement, as in the default demo. */
const TRACKED = 3;
const SEED = 1;
const LANES = [4, 16] as const;

const ALWAYS: readonly Work[] = ['step', 'minibatch', 'gradient', 'hvp', 'lanczos20', 'sharpness'];
const WITH_LANES: readonly Work[] = LANES.flatMap((n): Work[] => [`step.lanes${n}`, `hvp.lanes${n}`]);

const noPause: Breathe = () => undefined;

/** What one repetition enqueues, and a scalar whose reading waits for it. */
interface Job {
  /** What must have been done before, the waiting for it included: not timed. */
  readonly prepare?: () => Promise<void>;
  readonly repeat: () => void | Promise<void>;
  readonly last: Vector;
  readonly norm: Scalar;
}

/** Linearises at θ and waits until that is done. */
async function linearise(landscape: Landscape, theta: Vector, norm: Scalar): Promise<void> {
  landscape.linearise(theta);
  landscape.norm(theta, norm);
  await landscape.read([norm]);
}

/** The Hessian times the instance's direction, [P]. */
export async function productOn(landscape: Landscape, { theta, direction }: Instance): Promise<Float64Array> {
  const [at, v, out] = [0, 1, 2].map(() => landscape.vector());
  landscape.write(at, theta);
  landscape.write(v, direction);
  landscape.linearise(at);
  landscape.hessianProduct(v, out);
  return (await landscape.read(out))[0];
}

/** Steps and products of several lanes: as many runs, or as many directions at one θ. */
function laneJobs(landscape: Landscape, { theta, direction }: Instance, fixed: Vector): Map<Work, Job> {
  const jobs = new Map<Work, Job>();
  for (const lanes of LANES) {
    const [moving, v, out] = [0, 1, 2].map(() => landscape.vector(lanes));
    const [loss, norm] = landscape.scalars(2, lanes);
    landscape.write(moving, theta);
    landscape.write(v, direction);
    const optimizer = gradientDescent(landscape, lanes);
    optimizer.setLearningRate(LEARNING_RATE);
    jobs.set(`step.lanes${lanes}`, { repeat: () => optimizer.step(moving, loss), last: moving, norm });
    jobs.set(`hvp.lanes${lanes}`, {
      prepare: () => linearise(landscape, fixed, norm),
      repeat: () => landscape.hessianProduct(v, out),
      last: out,
      norm,
    });
  }
  return jobs;
}

function jobsOn(landscape: Landscape, math: DeterministicMath, instance: Instance, fixed: Vector): Map<Work, Job> {
  const { problem, theta, direction } = instance;
  const [moving, batched, gradient, v, out] = [0, 1, 2, 3, 4].map(() => landscape.vector());
  const [loss, norm] = landscape.scalars(2);
  landscape.write(moving, theta);
  landscape.write(batched, theta);
  landscape.write(v, direction);
  const optimizer = gradientDescent(landscape);
  optimizer.setLearningRate(LEARNING_RATE);
  const batches = landscape.batches(1, BATCH_SIZE);
  const chosen = new Uint32Array(BATCH_SIZE);
  let next = 0;
  const lanczos = new Lanczos(landscape, LANCZOS_STEPS);
  const meter = new Meter(landscape, math, SEED, TRACKED);
  const product = landscape.hessianProduct.bind(landscape);
  // Tolerance 0: no Ritz pair counts as settled, so that every run takes all its steps.
  const options = { wanted: 1, tolerance: 0, batch: LANCZOS_STEPS };

  return new Map<Work, Job>([
    ['step', { repeat: () => optimizer.step(moving, loss), last: moving, norm }],
    [
      'minibatch',
      {
        repeat: () => {
          for (let i = 0; i < BATCH_SIZE; i++) chosen[i] = next++ % problem.examples;
          landscape.choose(batches, chosen);
          optimizer.step(batched, loss, batches[0]);
        },
        last: batched,
        norm,
      },
    ],
    ['gradient', { repeat: () => landscape.gradient(fixed, gradient, loss), last: gradient, norm }],
    [
      'hvp',
      {
        prepare: () => linearise(landscape, fixed, norm),
        repeat: () => landscape.hessianProduct(v, out),
        last: out,
        norm,
      },
    ],
    [
      'lanczos20',
      {
        repeat: async () => {
          landscape.linearise(fixed);
          await lanczos.run(product, direction, options, noPause);
        },
        last: fixed,
        norm,
      },
    ],
    ['sharpness', { repeat: async () => void (await meter.sharpness(fixed, next++, noPause)), last: fixed, norm }],
  ]);
}

async function workloadOn(engine: Engine, math: DeterministicMath, instance: Instance): Promise<Workload> {
  const landscape = await engine.landscape(instance.problem);
  try {
    const fixed = landscape.vector();
    landscape.write(fixed, instance.theta);
    const jobs = jobsOn(landscape, math, instance, fixed);
    const works = [...ALWAYS];
    if (instance.size.id === 'tiny' && engine.device.engine !== 'tensorflow') {
      works.push(...WITH_LANES);
      for (const [work, job] of laneJobs(landscape, instance, fixed)) jobs.set(work, job);
    }
    return {
      works,
      async time(work, count) {
        const job = jobs.get(work);
        if (!job) throw new Error(`${work} is not among the works.`);
        await job.prepare?.();
        return clocked(async () => {
          for (let i = 0; i < count; i++) {
            const done = job.repeat();
            if (done) await done;
          }
          landscape.norm(job.last, job.norm);
          await landscape.read([job.norm]);
        });
      },
      product: () => productOn(landscape, instance),
      note: () => null,
      dispose: () => landscape.dispose(),
    };
  } catch (thrown) {
    landscape.dispose();
    throw thrown;
  }
}

export function engineEntrant(engine: Engine, math: DeterministicMath): Entrant {
  return {
    id: engine.device.engine,
    prepare: (size) => workloadOn(engine, math, instanceOf(size)),
  };
}
