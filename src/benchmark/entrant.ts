/** Who takes part in the benchmark, wherever it runs: an engine of ours, another library, another process. */
import type { EntrantId, Size, Work } from './report/subject';

/** One problem made ready by one entrant. */
export interface Workload {
  readonly works: readonly Work[];
  /** Does the work `count` times, waits until it is done, and resolves with the milliseconds that took. */
  time(work: Work, count: number): Promise<number>;
  /** The Hessian times the instance's direction, [P]: proof that all do the same work. */
  product(): Promise<ArrayLike<number>>;
  /** What must be known to read the figure of a work. */
  note(work: Work): string | null;
  dispose(): void;
}

export interface Entrant {
  readonly id: EntrantId;
  prepare(size: Size): Promise<Workload>;
}

/** Runs `work` and resolves with the milliseconds that took. */
export async function clocked(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
