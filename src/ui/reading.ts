/**
 * What a person typed into a box, read as a number: accepted as it stands or answered with one sentence. Unlike a link,
 * which is corrected and used, typed text is never changed behind the typist's back.
 */
import { parseNumber } from '../experiment/fields';
import type { NumberSpec } from '../experiment/schema';
import { formatStep } from '../plot/format';

export type Reading = { readonly value: number | null } | { readonly message: string };

/**
 * Reads `text` by the limits of `spec`. A decimal comma is taken as a point, a space between thousands is passed over,
 * and an empty box means "unset" (null) where the field has such a value. The message is a whole sentence.
 */
export function readNumber(text: string, spec: NumberSpec): Reading {
  const trimmed = text.trim();
  if (trimmed === '' && spec.optional) return { value: null };
  const plain = trimmed.replace(/(\d)\s(?=\d{3}(?!\d))/g, '$1').replace(/^([^.,]*),([^.,]*)$/, '$1.$2');
  const { value, wrong } = parseNumber(plain, spec);
  if (value !== undefined && wrong === null) return { value };
  const what = spec.label.charAt(0).toUpperCase() + spec.label.slice(1);
  return { message: `${what} must be ${spec.accepts}${spec.optional ? ', or empty' : ''}.` };
}

/** The text of a value in a box: whole numbers by thousands, else six significant digits where that loses nothing. */
export function boxText(value: number | null): string {
  if (value === null) return '';
  if (Number.isSafeInteger(value) && value >= 0) return formatStep(value);
  const short = Number(value.toPrecision(6));
  return String(short === value ? short : value);
}
