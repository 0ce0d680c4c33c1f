/**
 * Hidden widths as text: what a person may type ("32-32", "32, 32", "32 x 32", "0" or nothing for a linear model), and
 * the two steps that the buttons take.
 */
import { FIELDS, MOST_HIDDEN_LAYERS, WIDEST_LAYER } from '../../experiment/schema';

export type WidthsReading = { readonly widths: readonly number[] } | { readonly message: string };

const MESSAGE = `Hidden widths must be ${FIELDS.net.accepts}.`;
const NONE = new Set(['', '0', 'none', 'linear']);

/** Reads typed widths; the message is a whole sentence. Nothing is corrected. */
export function readWidths(text: string): WidthsReading {
  const trimmed = text.trim().toLowerCase();
  if (NONE.has(trimmed)) return { widths: [] };
  const parts = trimmed.split(/\s*[-–,;x×\s]\s*/);
  if (parts.length > MOST_HIDDEN_LAYERS || !parts.every((part) => /^\d{1,4}$/.test(part))) return { message: MESSAGE };
  const widths = parts.map(Number);
  return widths.every((width) => width >= 1 && width <= WIDEST_LAYER) ? { widths } : { message: MESSAGE };
}

export function widthsText(widths: readonly number[]): string {
  return widths.length === 0 ? '0' : widths.join('-');
}

/** One more hidden layer, as wide as the last; null when there are as many as can be. */
export function withLayer(widths: readonly number[]): readonly number[] | null {
  return widths.length >= MOST_HIDDEN_LAYERS ? null : [...widths, widths.at(-1) ?? 32];
}

/** One hidden layer fewer; null when there is none. */
export function withoutLayer(widths: readonly number[]): readonly number[] | null {
  return widths.length === 0 ? null : widths.slice(0, -1);
}
