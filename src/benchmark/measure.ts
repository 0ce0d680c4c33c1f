/**
 * The benchmark of one problem: every entrant makes it ready, proves that its Hessian-vector product is that of the first,
 * and then all take turns, work by work. What one of them cannot do costs its own figures and no more.
 */
import type { Entrant, Workload } from './entrant';
import { compare, errorOf, type Thoroughness } from './harness';
import { ROUNDS, type EntrantId, type Figure, type Size, type Work } from './report/subject';

/** Larger than the rounding of f32 sums can explain: then one of the two does other work. */
const MOST_DIFFERENCE = 1e-3;

export interface Progress {
  /** What is being done, as a clause. */
  doing(words: string): void;
  /** Figures of one round of works. */
  figures(found: readonly Figure[]): void;
}

/** ‖a − b‖ / ‖b‖; NaN where the lengths differ. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    norm += b[i] * b[i];
  }
  return Math.sqrt(difference / norm);
}

interface Ready {
  readonly id: EntrantId;
  readonly workload: Workload;
}

/** The entrants that are ready and compute the same product; the others' reasons become figures without a time. */
async function prepare(size: Size, entrants: readonly Entrant[], progress: Progress): Promise<Ready[]> {
  const ready: Ready[] = [];
  let reference: ArrayLike<number> | null = null;
  for (const { id, prepare } of entrants) {
    progress.doing(`${size.id}: preparing ${id}`);
    let workload: Workload | null = null;
    try {
      workload = await prepare(size);
      const product = await workload.product();
      reference ??= product;
      const difference = relativeDifference(product, reference);
      // Written so that NaN is refused too.
      if (!(difference <= MOST_DIFFERENCE)) {
        throw new Error(`its product differs by ${difference.toPrecision(2)} from that of ${ready[0].id}`);
      }
      ready.push({ id, workload });
    } catch (thrown) {
      workload?.dispose();
      const note = errorOf(thrown).message;
      progress.figures([{ problem: size.id, work: 'step', entrant: id, ms: null, note }]);
    }
  }
  return ready;
}

/** All works of all entrants on one problem; the first entrant's product is what the others' are compared with. */
export async function measure(
  size: Size,
  entrants: readonly Entrant[],
  thoroughness: Thoroughness,
  progress: Progress,
): Promise<void> {
  const ready = await prepare(size, entrants, progress);
  try {
    for (const { name, works } of ROUNDS) {
      progress.doing(`${size.id}: ${name}`);
      const turns: (Ready & { readonly work: Work })[] = works.flatMap((work) =>
        ready.filter(({ workload }) => workload.works.includes(work)).map((one) => ({ ...one, work })),
      );
      const times = await compare(
        turns.map(({ workload, work }) => ({ time: (count) => workload.time(work, count) })),
        thoroughness,
      );
      progress.figures(
        turns.map(({ id, workload, work }, i): Figure => {
          const time = times[i];
          const base = { problem: size.id, work, entrant: id };
          return time instanceof Error
            ? { ...base, ms: null, note: time.message }
            : { ...base, ms: time, note: workload.note(work) };
        }),
      );
    }
  } finally {
    for (const { workload } of ready) workload.dispose();
  }
}
