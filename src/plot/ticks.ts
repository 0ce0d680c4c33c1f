/**
 * Which ticks an axis carries: few, round, never closer than the type allows. Linear ticks are d3's; a log axis shows
 * decades, with 2 and 5 between them where there is room, and falls back on linear ticks within a decade.
 */
import { tickStep, ticks } from 'd3';
import { formatPower, formatShort, formatStep, tickFormatter } from './format';
import type { Domain } from './axis';
import type { ScaleKind } from './model';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

function linearValues({ lo, hi }: Domain, most: number, integers: boolean): number[] {
  for (let count = most; count >= 1; count--) {
    const values = ticks(lo, hi, count).filter((value) => !integers || Number.isInteger(value));
    if (values.length <= most) return values;
  }
  return [];
}

function logValues({ lo, hi }: Domain, most: number): number[] {
  const from = Math.floor(Math.log10(lo) + 1e-9);
  const to = Math.ceil(Math.log10(hi) - 1e-9);
  const inside = (value: number): boolean => value >= lo * (1 - 1e-9) && value <= hi * (1 + 1e-9);
  const decades = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  for (const multiples of [
    [1, 2, 5],
    [1, 3],
  ]) {
    if (hi < 3 * lo) break;
    const values = decades.flatMap((n) => multiples.map((m) => Number(`${m}e${n}`))).filter(inside);
    if (values.length >= 2 && values.length <= most) return values;
  }
  for (let every = 1; hi >= 10 * lo && every <= decades.length; every++) {
    const values = decades
      .filter((n) => n % every === 0)
      .map((n) => Number(`1e${n}`))
      .filter(inside);
    if (values.length >= 2 && values.length <= most) return values;
  }
  return linearValues({ lo, hi }, Math.max(most, 3), false).filter((value) => value > 0);
}

/** Ticks of a value axis `length` pixels long, at least `spacing` apart on the average. */
export function valueTicks(kind: ScaleKind, domain: Domain, length: number, spacing: number): Tick[] {
  const most = Math.max(2, Math.floor(length / spacing) + 1);
  if (kind === 'log') {
    const label =
      domain.lo < 1e-3
        ? (value: number) => (value < 1e-2 ? formatPower(value) : formatShort(value))
        : (value: number) => formatShort(value);
    return logValues(domain, most).map((value) => ({ value, label: label(value) }));
  }
  const values = linearValues(domain, most, false);
  const step = values.length > 1 ? values[1] - values[0] : tickStep(domain.lo, domain.hi, most);
  const label = tickFormatter(step, Math.max(Math.abs(domain.lo), Math.abs(domain.hi)));
  return values.map((value) => ({ value, label: label(value) }));
}

/** Ticks of a step axis: whole steps, none closer than its label is wide. `widthOf` measures a label. */
export function stepTicks(domain: Domain, length: number, gap: number, widthOf: (label: string) => number): Tick[] {
  const widest = Math.max(widthOf(formatStep(Math.floor(domain.hi))), widthOf('000'));
  const most = Math.max(1, Math.floor(length / (widest + gap)));
  return linearValues(domain, most, true).map((value) => ({ value, label: formatStep(value) }));
}
