/** What the controls print beyond the charts' own formats: counts in three digits, and nouns in the right number. */
import { formatStep } from '../plot/format';

/** A large count in three digits: 940, 12.4 k, 3.10 M. */
export function formatLarge(value: number): string {
  if (value < 1000) return formatStep(Math.round(value));
  if (value < 1e6) return `${(value / 1e3).toPrecision(3)} k`;
  return `${(value / 1e6).toPrecision(3)} M`;
}

/** A count and what is counted: 1 class, 10 classes. */
export function formatCounted(count: number, one: string, many: string): string {
  return `${formatStep(count)} ${count === 1 ? one : many}`;
}
