/** Takes the steps of a run: enqueues them in chunks, each with its mini-batch where there are any, and reads their losses. */
import type { Experiment } from '../experiment/experiment';
import { BatchDraws, MiniBatches } from './batches';
import type { Breathe } from './breathe';
import type { DeterministicMath } from './deterministic';
import type { Batch, Landscape, Scalar, Vector } from './landscape/landscape';
import type { Steps } from './markers/edge-watch';
import { OPTIMIZER_FACTORIES } from './optimizers';
import type { Optimizer } from './optimizers/optimizer';

/** Steps enqueued before the losses are looked at. */
export const CHUNK = 64;

export interface Taken {
  /** L at the θ that each step was taken from, over its mini-batch where it has one. */
  readonly losses: Float64Array;
  /** Something urgent cut it short. */
  readonly urgent: boolean;
}

export class Stepper implements Steps {
  readonly optimizer: Optimizer;
  /** The examples of every step's mini-batch; null where every step goes over all of them. */
  readonly draws: BatchDraws | null;
  readonly batchAt = (step: number): Batch | undefined => this.#batches?.at(step);
  readonly #landscape: Landscape;
  readonly #batches: MiniBatches | null;
  readonly #losses: readonly Scalar[];
  readonly #breathe: Breathe;
  readonly #urgent: () => boolean;

  /** `batchSize` is null for full batches; `urgent` is asked after every pause. */
  constructor(
    landscape: Landscape,
    { opt, seed, sampling }: Experiment,
    batchSize: number | null,
    math: DeterministicMath,
    breathe: Breathe,
    urgent: () => boolean,
  ) {
    const { examples } = landscape.problem;
    this.#landscape = landscape;
    this.#breathe = breathe;
    this.#urgent = urgent;
    this.optimizer = OPTIMIZER_FACTORIES[opt](landscape);
    this.draws = batchSize === null ? null : new BatchDraws(math, { seed, examples, size: batchSize, sampling });
    this.#batches = this.draws && new MiniBatches(landscape, [this.draws], CHUNK);
    this.#losses = landscape.scalars(CHUNK);
  }

  /** θ_step becomes θ_{step + taken}: `count` steps, at most CHUNK, fewer where something urgent comes in. */
  async take(theta: Vector, step: number, count: number): Promise<Taken> {
    let taken = 0;
    let urgent = false;
    this.#batches?.load(step, count);
    while (taken < count && !urgent) {
      this.optimizer.step(theta, this.#losses[taken], this.batchAt(step + taken));
      taken++;
      const pause = this.#breathe();
      if (pause) {
        await pause;
        urgent = this.#urgent();
      }
    }
    const [losses] = await this.#landscape.read(this.#losses.slice(0, taken));
    return { losses, urgent };
  }
}
