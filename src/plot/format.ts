/**
 * Numbers as a reader wants them: few sensible digits, a true minus sign, thin spaces between thousands, and powers of
 * ten where decimals would be mostly zeros.
 */

const THIN_SPACE = '\u202f';
const MINUS = '\u2212';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function grouped(digits: string): string {
  const [whole, fraction] = digits.split('.');
  const spaced = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) : whole;
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

function signed(value: number, magnitude: string): string {
  return value < 0 ? MINUS + magnitude : magnitude;
}

function superscript(n: number): string {
  const digits = [...String(Math.abs(n))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return n < 0 ? `⁻${digits}` : digits;
}

function powerOfTen(value: number, digits: number, trim: boolean): string {
  const [mantissa, exponent] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e');
  const power = `10${superscript(Number(exponent))}`;
  const shown = trim && mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return signed(value, shown === '1' && trim ? power : `${shown}·${power}`);
}

/** Whether a value of this size reads better as a decimal than as a power of ten. */
function isPlain(magnitude: number): boolean {
  return magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e6);
}

/** `digits` significant digits, zeros kept so that columns of numbers hold still: 19.90, 0.03120, 4.200·10⁻⁵. */
export function formatValue(value: number, digits = 4): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return signed(value, '∞');
  const magnitude = Math.abs(value);
  if (!isPlain(magnitude)) return powerOfTen(value, digits, false);
  if (magnitude >= 10 ** (digits - 1)) return signed(value, grouped(magnitude.toFixed(0)));
  return signed(value, grouped(magnitude.toPrecision(digits)));
}

/** At most `digits` significant digits, without trailing zeros: 20, 6.667, 0.1. */
export function formatShort(value: number, digits = 4): string {
  if (!Number.isFinite(value) || !isPlain(Math.abs(value))) {
    return Number.isFinite(value) ? powerOfTen(value, digits, true) : formatValue(value);
  }
  const text = formatValue(value, digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** As a power of ten whatever its size: 10⁻³, 2·10⁻³. */
export function formatPower(value: number): string {
  return powerOfTen(value, 4, true);
}

/** A bound on an error needs one digit: 3e-4, 0.02. */
export function formatBound(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  return value < 1e-2 || value >= 1e4
    ? value.toExponential(0).replace('e+', 'e')
    : String(Number(value.toPrecision(1)));
}

/** A ratio as a percentage with three digits: 99.6 %, 4.21 %, 1250 %. */
export function formatPercent(ratio: number): string {
  if (!Number.isFinite(ratio)) return '–';
  return `${formatValue(ratio * 100, 3)}${THIN_SPACE}%`;
}

/** A count of steps: 812, 12 500. */
export function formatStep(step: number): string {
  return signed(step, grouped(Math.abs(step).toFixed(0)));
}

/** Labels for ticks `step` apart: all with the same number of decimals. */
export function tickFormatter(step: number, largest: number): (value: number) => string {
  if (!isPlain(largest) || (step > 0 && step < 1e-4)) return (value) => (value === 0 ? '0' : formatShort(value, 4));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (value) => signed(Number(value.toFixed(decimals)), grouped(Math.abs(value).toFixed(decimals)));
}
