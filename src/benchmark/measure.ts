/**
 * The benchmark of one problem: every entrant makes it ready, proves that its Hessian-vector product is the true one, and
 * then all take turns, work by work. What one of them cannot do costs its own figures and no more.
 */
import type { Entrant, Workload } from './entrant';
import { compare, errorOf, LEFT_OUT, TooLong, type Thoroughness } from './harness';
import { LANCZOS_STEPS, NAMES, ROUNDS, type EntrantId, type Figure, type Size, type Work } from './report/subject';

/** Larger than the rounding of f32 sums can explain: then one of the two does other work. */
const MOST_DIFFERENCE = 1e-3;
/** Share of a problem's time that making ready is taken for. */
const PREPARING = 0.2;

/** Works of so many products: after the products it is known how long they would take. */
const PRODUCTS: Partial<Record<Work, number>> = { lanczos20: LANCZOS_STEPS, sharpness: LANCZOS_STEPS };

export interface Progress {
  /** What comes next, as a clause, and how much of this problem is done, from 0 to 1. */
  doing(words: string, share: number): void;
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

/** That there is no figure, and why. */
function none(
  size: Size,
  { id, work }: { readonly id: EntrantId; readonly work: Work | null },
  missing: 'failed' | 'too long',
  note: string,
): Figure {
  return { problem: size.id, work, entrant: id, ms: null, batches: 0, missing, note };
}

interface Ready {
  readonly id: EntrantId;
  readonly workload: Workload;
}

/** The entrants that are ready and compute the same product; the others' reasons become figures without a time. */
async function prepare(
  size: Size,
  entrants: readonly Entrant[],
  reference: ArrayLike<number>,
  progress: Progress,
): Promise<Ready[]> {
  const ready: Ready[] = [];
  for (const [i, { id, prepare }] of entrants.entries()) {
    progress.doing(`preparing ${NAMES[id]}`, (PREPARING * i) / entrants.length);
    let workload: Workload | null = null;
    try {
      workload = await prepare(size);
      const difference = relativeDifference(await workload.product(), reference);
      // Written so that NaN is refused too.
      if (!(difference <= MOST_DIFFERENCE)) {
        throw new Error(`its product differs by ${difference.toPrecision(2)} from that of the WASM engine in 64 bits`);
      }
      ready.push({ id, workload });
    } catch (thrown) {
      workload?.dispose();
      progress.figures([none(size, { id, work: null }, 'failed', errorOf(thrown).message)]);
    }
  }
  return ready;
}

interface Turn extends Ready {
  readonly work: Work;
}

/**
 * All works of all entrants on one problem. `reference` [P] is the product that everybody must come to (reference.ts);
 * who does not is not timed.
 */
export async function measure(
  size: Size,
  entrants: readonly Entrant[],
  reference: ArrayLike<number>,
  thoroughness: Thoroughness,
  progress: Progress,
): Promise<void> {
  const ready = await prepare(size, entrants, reference, progress);
  const productMs = new Map<EntrantId, number>();
  const wouldBeTooLong = ({ id, work }: Turn): boolean => {
    return (PRODUCTS[work] ?? 0) * (productMs.get(id) ?? 0) > thoroughness.longestMs;
  };
  try {
    for (const [i, { name, works }] of ROUNDS.entries()) {
      const doing = (share: number): void =>
        progress.doing(name, PREPARING + ((1 - PREPARING) * (i + share)) / ROUNDS.length);
      doing(0);
      const all = works.flatMap((work): Turn[] =>
        ready.filter(({ workload }) => workload.works.includes(work)).map((one) => ({ ...one, work })),
      );
      const turns = all.filter((turn) => !wouldBeTooLong(turn));
      const times = await compare(
        turns.map(({ workload, work }) => ({ time: (count) => workload.time(work, count) })),
        thoroughness,
        doing,
      );
      const found = turns.map((turn, t): Figure => {
        const time = times[t];
        const { id, work, workload } = turn;
        const tooLong = time instanceof TooLong;
        if (work === 'hvp' && (tooLong || !(time instanceof Error))) productMs.set(id, time.ms);
        if (time instanceof Error) return none(size, turn, tooLong ? 'too long' : 'failed', time.message);
        return { problem: size.id, work, entrant: id, ...time, missing: null, note: workload.note(work) };
      });
      const left = all.filter(wouldBeTooLong);
      const why = `${LEFT_OUT} would take more than ${thoroughness.longestMs / 1000} s`;
      progress.figures([...found, ...left.map((turn) => none(size, turn, 'too long', why))]);
    }
  } finally {
    for (const { workload } of ready) workload.dispose();
  }
}
