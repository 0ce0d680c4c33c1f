/**
 * Ratios, the only thing worth comparing between machines: how many times faster an engine of ours is than a peer, what a
 * product costs in gradients, what 16 lanes cost in single ones. All come from one run.
 */
import { ENGINES, PEERS, type EntrantId, type Figure, type ProblemId, type Work } from './subject';

/** Our work, the peer's, and the name under which their ratio is kept. */
interface Comparison {
  readonly name: string;
  readonly ours: Work;
  readonly theirs: Work;
}

const COMPARISONS: readonly Comparison[] = [
  { name: 'step', ours: 'step', theirs: 'step' },
  { name: 'hvp', ours: 'hvp', theirs: 'hvp' },
  { name: 'hvp-kept', ours: 'hvp', theirs: 'hvp-kept' },
  { name: 'hvp-r', ours: 'hvp', theirs: 'hvp-r' },
  { name: 'lanczos20', ours: 'lanczos20', theirs: 'lanczos20' },
];

const LANES: readonly Work[] = ['step.lanes4', 'step.lanes16', 'hvp.lanes4', 'hvp.lanes16'];

/**
 * Keys are `<problem>.<engine>.<work>/<peer>` (peer's time ÷ ours: higher is better), `<problem>.<engine>.hvp/gradient`
 * and `<problem>.<engine>.<work>.lanes<n>` (the latter time ÷ the former: lower is better). To three digits.
 */
export function ratiosOf(figures: readonly Figure[]): Record<string, number> {
  const times = new Map(figures.map(({ problem, entrant, work, ms }) => [`${problem} ${entrant} ${work}`, ms]));
  const ms = (problem: ProblemId, entrant: EntrantId, work: Work): number | null => {
    return times.get(`${problem} ${entrant} ${work}`) ?? null;
  };
  const ratios: Record<string, number> = {};
  const keep = (key: string, above: number | null, below: number | null): void => {
    if (above !== null && below !== null) ratios[key] = Number((above / below).toPrecision(3));
  };
  for (const problem of new Set(figures.map((figure) => figure.problem))) {
    for (const engine of ENGINES) {
      for (const { name, ours, theirs } of COMPARISONS) {
        for (const peer of PEERS) {
          keep(`${problem}.${engine}.${name}/${peer}`, ms(problem, peer, theirs), ms(problem, engine, ours));
        }
      }
      keep(`${problem}.${engine}.hvp/gradient`, ms(problem, engine, 'hvp'), ms(problem, engine, 'gradient'));
      for (const work of LANES) {
        const single: Work = work.startsWith('step') ? 'step' : 'hvp';
        keep(`${problem}.${engine}.${work}`, ms(problem, engine, work), ms(problem, engine, single));
      }
    }
  }
  return ratios;
}
