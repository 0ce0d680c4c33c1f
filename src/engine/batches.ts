/**
 * Which examples make the mini-batch of a step: a pure function of seed, number of examples, batch size, sampling and
 * step. It knows neither the engine nor what came before, so that snapshots, replays, forks and lanes need no random
 * state, and every engine trains on the same examples in the same order. The draws are part of every link: frozen by
 * fixtures.
 */
import type { SamplingId } from '../experiment/experiment';
import type { DeterministicMath } from './deterministic';
import type { Batch, Landscape } from './landscape/landscape';
import { randomStream } from './random';

export interface BatchPlan {
  readonly seed: number;
  /** Examples to choose from, n. */
  readonly examples: number;
  /** Examples in a batch, b, from 1 to n. */
  readonly size: number;
  readonly sampling: SamplingId;
}

/**
 * The examples of one run's batches.
 *
 * - `epochs`: epoch e is a permutation of 0 … n − 1, drawn from the stream (batches, seed, e): from the identity, for
 *   i = n − 1 down to 1, places i and ⌊u (i + 1)⌋ change places (Fisher & Yates, Durstenfeld's form), one uniform u each.
 *   The epochs lie end to end, and the batch of step t is cut from place t b on: always b examples, which may straddle
 *   two epochs and then can hold an example twice.
 * - `replacement`: the batch of step t is ⌊u n⌋ for b uniforms from the stream (batches, seed, t).
 */
export class BatchDraws {
  readonly size: number;
  readonly #math: DeterministicMath;
  readonly #plan: BatchPlan;
  /** The permutation of the epoch last needed. */
  readonly #order: Uint32Array;
  #epoch = -1;

  constructor(math: DeterministicMath, plan: BatchPlan) {
    this.size = plan.size;
    this.#math = math;
    this.#plan = plan;
    this.#order = new Uint32Array(plan.sampling === 'epochs' ? plan.examples : 0);
  }

  /** Writes the b examples of the batch of `step` into `out` from place `at` on. */
  fill(step: number, out: Uint32Array, at = 0): void {
    const { seed, examples, size, sampling } = this.#plan;
    if (sampling === 'replacement') {
      const stream = randomStream(this.#math, seed, 'batches', step);
      for (let i = 0; i < size; i++) out[at + i] = Math.floor(stream.uniform() * examples);
      return;
    }
    const first = step * size;
    let epoch = Math.floor(first / examples);
    let place = first - epoch * examples;
    this.#shuffle(epoch);
    for (let i = 0; i < size; i++) {
      if (place === examples) {
        this.#shuffle(++epoch);
        place = 0;
      }
      out[at + i] = this.#order[place++];
    }
  }

  #shuffle(epoch: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    const order = this.#order;
    const stream = randomStream(this.#math, this.#plan.seed, 'batches', epoch);
    for (let i = 0; i < order.length; i++) order[i] = i;
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(stream.uniform() * (i + 1));
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
  }
}

/** The batches of a stretch of steps, on the device: one lane for each of the runs that advance together. */
export class MiniBatches {
  readonly #landscape: Landscape;
  readonly #draws: readonly BatchDraws[];
  readonly #slots: readonly Batch[];
  readonly #examples: Uint32Array;
  /** The steps whose batches lie in the slots: #count of them from #from on. */
  #from = 0;
  #count = 0;

  /** `most`: steps in a stretch. The draws, one a lane, are of one size. */
  constructor(landscape: Landscape, draws: readonly BatchDraws[], most: number) {
    const [{ size }] = draws;
    this.#landscape = landscape;
    this.#draws = draws;
    this.#slots = landscape.batches(most, size, draws.length);
    this.#examples = new Uint32Array(most * draws.length * size);
  }

  /** Enqueues the writing of the batches of `count` steps from `from` on. Those loaded before are gone. */
  load(from: number, count: number): void {
    let at = 0;
    for (let step = from; step < from + count; step++) {
      for (const draws of this.#draws) {
        draws.fill(step, this.#examples, at);
        at += draws.size;
      }
    }
    this.#landscape.choose(this.#slots.slice(0, count), this.#examples.subarray(0, at));
    this.#from = from;
    this.#count = count;
  }

  /** The batch of `step`, valid until the next step that has not been loaded is asked for. */
  at(step: number): Batch {
    if (step < this.#from || step >= this.#from + this.#count) this.load(step, 1);
    return this.#slots[step - this.#from];
  }
}
