/**
 * The arithmetic of a slider whose native range input counts whole positions 0 … `positions`, on a linear or a
 * logarithmic scale, or one of doublings that ends at a value of its own (1, 2, 4, … 128, 200). Values are rounded to the
 * digits that one position is worth, so that what the thumb picks reads (and links) as 0.126 rather than
 * 0.12589254117941673.
 */
export interface Scale {
  readonly kind: 'linear' | 'log' | 'doubling';
  readonly min: number;
  readonly max: number;
  /** Positions between the ends: the arrow keys move by one. */
  readonly positions: number;
}

/** Shift and an arrow, and the page keys, move by this many positions. */
export const LARGE_STEP = 10;

/** Rounds to `digits` significant decimal digits. */
export function roundTo(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** Place of a value on the scale, from 0 to 1; values beyond the ends sit at the ends. */
export function fraction(scale: Scale, value: number): number {
  const { kind, min, max, positions } = scale;
  if (max <= min) return 0;
  if (kind === 'doubling') {
    const [whole, last] = [positions - 1, min * 2 ** (positions - 1)];
    const doublings =
      value < last ? Math.log2(Math.max(value, min) / min) : whole + Math.log2(value / last) / Math.log2(max / last);
    return clamp(doublings / positions, 0, 1);
  }
  const place =
    kind === 'log' ? Math.log(Math.max(value, min) / min) / Math.log(max / min) : (value - min) / (max - min);
  return clamp(place, 0, 1);
}

/** Nearest position of a value. */
export function positionOf(scale: Scale, value: number): number {
  return Math.round(fraction(scale, value) * scale.positions);
}

/** Value at a position, rounded; the ends are exact. */
export function valueAt(scale: Scale, position: number): number {
  const { kind, min, max, positions } = scale;
  if (position <= 0) return min;
  if (position >= positions) return max;
  if (kind === 'doubling') return min * 2 ** position;
  const place = position / positions;
  if (kind === 'log') return clamp(roundTo(min * (max / min) ** place, 3), min, max);
  const digits = Math.max(0, Math.ceil(-Math.log10((max - min) / positions)) + 1);
  return clamp(Number((min + place * (max - min)).toFixed(digits)), min, max);
}

/** Where a key takes the thumb; null for a key that is none of the slider's. */
export function positionAfterKey(scale: Scale, position: number, key: string, shift: boolean): number | null {
  const step = shift ? LARGE_STEP : 1;
  const to = (next: number): number => clamp(next, 0, scale.positions);
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return to(position + step);
    case 'ArrowLeft':
    case 'ArrowDown':
      return to(position - step);
    case 'PageUp':
      return to(position + LARGE_STEP);
    case 'PageDown':
      return to(position - LARGE_STEP);
    case 'Home':
      return 0;
    case 'End':
      return scale.positions;
    default:
      return null;
  }
}

/**
 * A logarithmic scale over whole decades, 1/40 decade a position, that covers [min, max] and whatever value is set
 * beyond them.
 */
export function decades(min: number, max: number, value: number): Scale {
  const low = value < min ? 10 ** Math.floor(Math.log10(value)) : min;
  const high = value > max ? 10 ** Math.ceil(Math.log10(value)) : max;
  return { kind: 'log', min: low, max: high, positions: Math.round(40 * Math.log10(high / low)) };
}

/** Whole numbers from 1 to `max` (at least 2) by doublings; the last step ends at `max` whatever it is. */
export function doublings(max: number): Scale {
  return { kind: 'doubling', min: 1, max, positions: Math.ceil(Math.log2(max)) };
}
