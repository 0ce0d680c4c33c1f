/** Numbers as the controls print them: sensible digits, no exponent where a person would write none. */

/** Significant digits kept, trailing zeros shown: 20.0, 6.67, 0.500, 1234. */
export function formatFixed(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6 || size < 1e-4) return value.toExponential(digits - 1).replace('e+', 'e');
  if (size >= 10 ** digits) return formatCount(Math.round(value));
  return value.toPrecision(digits);
}

/** Up to `digits` significant digits, no trailing zeros: 0.1, 0.0125. */
export function formatShort(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}

/** A whole number, grouped from five digits on: 5000, 12,500. */
export function formatCount(value: number): string {
  const whole = Math.round(value);
  return Math.abs(whole) < 10_000 ? String(whole) : whole.toLocaleString('en-US');
}

/** A large count in three digits: 940, 12.4 k, 3.10 M. */
export function formatLarge(value: number): string {
  if (value < 1000) return formatCount(value);
  if (value < 1e6) return `${(value / 1e3).toPrecision(3)} k`;
  return `${(value / 1e6).toPrecision(3)} M`;
}
