/**
 * Ratios, the only thing worth comparing between machines: how many times as fast as a peer an engine of ours is, what a
 * product costs in gradients, what 16 lanes cost in single ones. All come from one run.
 */
import type { EngineId } from '../../experiment/experiment';
import { ENGINES, NAMES, PEERS, WORKS, type EntrantId, type Figure, type ProblemId, type Work } from './subject';

export interface Ratio {
  /**
   * `<problem>.<engine>.<work>/<peer>` (the peer's time ÷ ours: higher is better), `<problem>.<engine>.hvp/gradient` and
   * `<problem>.<engine>.<work>.lanes<n>` (the latter time ÷ the former: lower is better).
   */
  readonly key: string;
  readonly problem: ProblemId;
  readonly engine: EngineId;
  /** What the value is, for the engine. */
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
    for (const engine of ENGINES) {
      const keep = (key: string, words: string, above: number | null, below: number | null): void => {
        if (above === null || below === null) return;
        const value = Number((above / below).toPrecision(3));
        ratios.push({ key: `${problem}.${engine}.${key}`, problem, engine, words, value });
      };
      for (const { name, ours, theirs } of COMPARISONS) {
        for (const peer of PEERS) {
          const words = `${WORKS[theirs]}: times as fast as ${NAMES[peer]}`;
          keep(`${name}/${peer}`, words, ms(peer, theirs), ms(engine, ours));
        }
      }
      const product = 'cost of a product, in gradients (less is better)';
      keep('hvp/gradient', product, ms(engine, 'hvp'), ms(engine, 'gradient'));
      for (const { work, single } of LANES) {
        keep(work, `cost of ${WORKS[work]}, in single ones (less is better)`, ms(engine, work), ms(engine, single));
      }
    }
  }
  return ratios;
}
