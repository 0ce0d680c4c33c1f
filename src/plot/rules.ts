/**
 * Labels of upright rules in one row, in the order of the rules. Rules too close together for a label each share that of
 * the last of them, with a count; the label stands right of them, or left of them where something is in the way.
 */

export interface Rule {
  readonly x: number;
  readonly label: string;
  /** What several are called; empty for a rule that never shares. */
  readonly plural: string;
}

export interface RuleLabel {
  readonly text: string;
  readonly x: number;
  readonly width: number;
}

interface Group {
  readonly last: Rule;
  first: Rule;
  count: number;
  /** Where the room to the right of it ends. */
  readonly limit: number;
  label: RuleLabel;
  /** Leftmost pixel of rules and label. */
  start: number;
}

/** Labels for `rules`, ascending in x, inside [lo, hi]; `gap` is the distance between a rule and its label. */
export function labelRules(
  rules: readonly Rule[],
  lo: number,
  hi: number,
  gap: number,
  widthOf: (text: string) => number,
): RuleLabel[] {
  const groups: Group[] = [];
  const lay = (group: Group): void => {
    const { first, last, count, limit } = group;
    const text = count === 1 ? last.label : `${last.label} (${count} ${last.plural})`;
    const width = widthOf(text);
    const fits = last.x + gap + width <= limit;
    const x = fits ? last.x + gap : first.x - gap - width;
    group.label = { text, x, width };
    group.start = fits ? first.x - gap : x - gap;
  };
  for (const rule of rules.toReversed()) {
    if (!rule.label) continue;
    const next = groups.at(-1);
    const limit = next ? next.start : hi;
    const fits = rule.x + gap + widthOf(rule.label) <= limit;
    if (next && !fits && rule.plural && rule.plural === next.last.plural) {
      next.first = rule;
      next.count++;
      lay(next);
      continue;
    }
    if (next && !fits) continue;
    const group = { first: rule, last: rule, count: 1, limit, label: { text: '', x: 0, width: 0 }, start: rule.x };
    lay(group);
    groups.push(group);
  }
  return groups.map(({ label }) => label).filter(({ x }) => x >= lo);
}
