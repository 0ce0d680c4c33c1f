/**
 * Text ↔ value for each kind of field: the grammar of the link, one parser and one formatter a kind. A parser returns
 * the value, corrected where it can be, and the remark that says so; or undefined where nothing can be made of the
 * text and the default stands.
 */
import type { Change } from './experiment';
import {
  LR_BOUNDS,
  MOST_CHANGES,
  MOST_HIDDEN_LAYERS,
  MOST_STEPS,
  WIDEST_LAYER,
  type FieldSpec,
  type NumberSpec,
} from './schema';

export interface Parsed<T> {
  readonly value: T | undefined;
  /** What was wrong, as the first half of a sentence; null when nothing was. */
  readonly wrong: string | null;
}

const ok = <T>(value: T): Parsed<T> => ({ value, wrong: null });
const bad = <T>(wrong: string): Parsed<T> => ({ value: undefined, wrong });

/** Unambiguous in every digit, so that a long row of digits is read in linear time. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** At most this much of a stranger's text is quoted back. */
export function quote(text: string): string {
  return text.length > 40 ? `“${text.slice(0, 40)}…”` : `“${text}”`;
}

export function parseNumber(text: string, spec: NumberSpec): Parsed<number> {
  if (!DECIMAL.test(text.trim())) return bad(`${quote(text)} is not a number`);
  return clampNumber(Number(text), spec);
}

function clampNumber(raw: number, spec: NumberSpec): Parsed<number> {
  if (Number.isNaN(raw)) return bad('that is not a number');
  // + 0 turns −0 into 0, which prints and reads back as itself.
  const whole = (spec.kind === 'integer' ? Math.round(raw) : raw) + 0;
  const value = Math.min(spec.max, Math.max(spec.min, whole));
  return { value, wrong: value === raw ? null : `${raw} was taken as ${value}` };
}

function parseWidths(text: string): Parsed<readonly number[]> {
  if (text === '' || text === '0') return ok([]);
  const parts = text.split('-');
  if (!parts.every((part) => /^\d{1,9}$/.test(part))) return bad(`${quote(text)} is not a list of widths`);
  return clampWidths(parts.map(Number));
}

function clampWidths(raw: readonly number[]): Parsed<readonly number[]> {
  const value = raw.slice(0, MOST_HIDDEN_LAYERS).map((w) => Math.min(WIDEST_LAYER, Math.max(1, Math.round(w))));
  if (value.some((w) => !Number.isFinite(w))) return bad('a width is not a number');
  const same = value.length === raw.length && value.every((w, i) => w === raw[i]);
  return { value, wrong: same ? null : `the widths were taken as ${formatWidths(value)}` };
}

function formatWidths(widths: readonly number[]): string {
  return widths.length === 0 ? '0' : widths.join('-');
}

function parseFlags(text: string): Parsed<readonly boolean[]> {
  if (!/^[01]+$/.test(text) || text.length > MOST_HIDDEN_LAYERS + 1)
    return bad(`${quote(text)} is not a row of 0 and 1`);
  return ok([...text].map((digit) => digit === '1'));
}

function parseChanges(text: string): Parsed<readonly Change[]> {
  const value: Change[] = [];
  const wrong: string[] = [];
  for (const part of text.split(';').filter((p) => p !== '')) {
    const match = /^(\d{1,9}):lr=(.+)$/.exec(part);
    const step = match ? Number(match[1]) : NaN;
    const lr = match && DECIMAL.test(match[2]) ? Number(match[2]) : NaN;
    const last = value.at(-1);
    if (!(lr >= LR_BOUNDS[0] && lr <= LR_BOUNDS[1]) || !(step <= MOST_STEPS))
      wrong.push(`${quote(part)} is not a change`);
    else if (last && last.step >= step) wrong.push(`${quote(part)} does not come after step ${last.step}`);
    else if (value.length >= MOST_CHANGES) wrong.push(`${quote(part)} is one change too many`);
    else value.push({ step, lr });
  }
  return { value, wrong: wrong.length === 0 ? null : wrong.slice(0, 3).join('; ') };
}

/** Control characters could hide what a name says; half a surrogate pair cannot be percent-encoded. */
function hasForbiddenCharacters(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f') || /\p{Surrogate}/u.test(text);
}

/** Reads one field from text. */
export function parseField(key: string, spec: FieldSpec, text: string): Parsed<unknown> {
  switch (spec.kind) {
    case 'number':
    case 'integer':
      if (key === 'pace' && text === 'max') return ok('max');
      return parseNumber(text, spec);
    case 'choice':
      return spec.choices.includes(text) ? ok(text) : bad(`${quote(text)} is not known`);
    case 'flag':
      return text === '0' || text === '1' ? ok(text === '1') : bad(`${quote(text)} is neither 0 nor 1`);
    case 'text':
      if (text.length > spec.longest || hasForbiddenCharacters(text)) return bad(`${quote(text)} cannot be used`);
      if (key === 'hash' && !/^([0-9a-f]{8,64})?$/.test(text)) return bad(`${quote(text)} is not a hash`);
      return ok(text);
    case 'widths':
      return parseWidths(text);
    case 'flags':
      return parseFlags(text);
    case 'changes':
      return parseChanges(text);
  }
}

/** Writes one field as text that `parseField` reads back to the same value. */
export function formatField(spec: FieldSpec, value: unknown): string {
  switch (spec.kind) {
    case 'flag':
      return value === true ? '1' : '0';
    case 'widths':
      return formatWidths(value as readonly number[]);
    case 'flags':
      return (value as readonly boolean[]).map((flag) => (flag ? '1' : '0')).join('');
    case 'changes':
      return (value as readonly Change[]).map((change) => `${change.step}:lr=${change.lr}`).join(';');
    default:
      return String(value);
  }
}
