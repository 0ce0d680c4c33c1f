/**
 * Ratios, the only thing worth comparing between machines: how many times faster an engine of ours is than a peer, what a
 * product costs in gradients, what 16 lanes cost in single ones. All come from one run.
 */
import { ENGINES, NAMES, PEERS, WORKS, type EntrantId, type Figure, type ProblemId, type Work } from './subject';

export interface Ratio {
  /**
   * `<problem>.<engine>.<work>/<peer>` (the peer's time ÷ ours: higher is better), `<problem>.<engine>.hvp/gradient` and
   * `<problem>.<engine>.<work>.lanes<n>` (the latter time ÷ the former: lower is better).
   */
  readonly key: string;
  readonly problem: ProblemId;
  /** What it says, as a clause that the value completes. */
  readonly words: string;
  /** To three digits. */
  readonly value: number;
}

/** Our work, the peer's, and the name under which their ratio is kept. */
const COMPARISONS: readonly { readonly name: string; readonly ours: Work; readonly theirs: Work }[] = [
  { name: 'step', ours: 'step', theirs: 'step' },
  { name: 'hvp', ours: 'hvp', theirs: 'hvp' },
  { name: 'hvp-kept', ours: 'hvp', theirs: 'hvp-kept' },
  { name: 'hvp-r', ours: 'hvp', theirs: 'hvp-r' },
  { name: 'lanczos20', ours: 'lanczos20', theirs: 'lanczos20' },
];

const LANES: readonly { readonly work: Work; readonly single: Work }[] = [
  { work: 'step.lanes4', single: 'step' },
  { work: 'step.lanes16', single: 'step' },
  { work: 'hvp.lanes4', single: 'hvp' },
  { work: 'hvp.lanes16', single: 'hvp' },
];

/** Every ratio that the figures give, problem by problem, engine by engine. */
export function ratiosOf(figures: readonly Figure[]): Ratio[] {
  const times = new Map(figures.map(({ problem, entrant, work, ms }) => [`${problem} ${entrant} ${work}`, ms]));
  const ratios: Ratio[] = [];
  for (const problem of new Set(figures.map((figure) => figure.problem))) {
    const ms = (entrant: EntrantId, work: Work): number | null => times.get(`${problem} ${entrant} ${work}`) ?? null;
    const keep = (key: string, words: string, above: number | null, below: number | null): void => {
      if (above === null || below === null) return;
      ratios.push({ key: `${problem}.${key}`, problem, words, value: Number((above / below).toPrecision(3)) });
    };
    for (const engine of ENGINES) {
      const name = NAMES[engine];
      for (const { name: kept, ours, theirs } of COMPARISONS) {
        for (const peer of PEERS) {
          const words = `${WORKS[theirs]}: ${name} is faster than ${NAMES[peer]} by`;
          keep(`${engine}.${kept}/${peer}`, words, ms(peer, theirs), ms(engine, ours));
        }
      }
      const cost = `${name}: a product costs, in gradients`;
      keep(`${engine}.hvp/gradient`, cost, ms(engine, 'hvp'), ms(engine, 'gradient'));
      for (const { work, single } of LANES) {
        keep(`${engine}.${work}`, `${name}: ${WORKS[work]} cost, in single ones`, ms(engine, work), ms(engine, single));
      }
    }
  }
  return ratios;
}
