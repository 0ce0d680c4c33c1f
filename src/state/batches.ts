/**
 * The mini-batches last in use. Gradient descent has none, neither in its experiment nor in its link; going back to SGD
 * brings them back.
 */
import { batchFor } from '../experiment/batch';
import type { Experiment } from '../experiment/experiment';

type Batches = Pick<Experiment, 'batch' | 'sampling'>;

export class LastBatches {
  #kept: Batches | null = null;

  /** Another experiment has none to come back to. */
  forget(): void {
    this.#kept = null;
  }

  /**
   * The patch with the batches that go with it: those kept where it goes back to SGD and names none. A batch size of more
   * examples than there are is left to the usual rule.
   */
  withBatches({ opt, batch, sampling }: Experiment, patch: Partial<Experiment>, examples: number): Partial<Experiment> {
    if ('batch' in patch || 'sampling' in patch) this.forget();
    else if (opt === 'sgd' && patch.opt === 'gd') this.#kept = { batch, sampling };
    else if (opt === 'gd' && patch.opt === 'sgd' && this.#kept) {
      const fits = this.#kept.batch !== null && batchFor(this.#kept, examples) === this.#kept.batch;
      return { ...this.#kept, batch: fits ? this.#kept.batch : null, ...patch };
    }
    return patch;
  }
}
