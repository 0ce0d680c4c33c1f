/**
 * What a table of cells means: header or not, which columns hold numbers, which one is the target, classes or values.
 * Guesses that are right for most files, by rules that are written down, each of which the reader's owner can overrule.
 */
import type { CsvOptions } from '../../experiment/csv';
import { EdgescopeError } from '../../experiment/fault';
import { quote } from '../../experiment/fields';

export type ColumnKind = 'number' | 'text';
export type CsvTask = 'classification' | 'regression';

export const MOST_CLASSES = 50;
/** Numbers beyond this overflow 32-bit arithmetic as soon as they are squared. */
const LARGEST_VALUE = 1e18;
/** Names listed in a message about an unknown column. */
const NAMES_LISTED = 12;
/** Header names that mark the target, the strongest first. */
const TARGET_NAMES = ['target', 'label', 'class', 'labels', 'species', 'outcome', 'y', 'output'];

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MISSING = /^(|\?|-+|n\/?a|#n\/?a|nan|null|none|missing)$/i;
const INFINITE = /^[+-]?(inf|infinity)$/i;

/** The cell as a double, correctly rounded; NaN for whatever is not a finite decimal number. */
export function toNumber(cell: string): number {
  if (!DECIMAL.test(cell)) return NaN;
  const value = Number(cell);
  return Math.abs(value) <= LARGEST_VALUE ? value : NaN;
}

/** A hole: empty, or one of the usual signs for "not known". */
export function isMissing(cell: string): boolean {
  return MISSING.test(cell);
}

/** Text, as opposed to a number of whatever quality or a hole. */
function isText(cell: string): boolean {
  return !DECIMAL.test(cell) && !isMissing(cell) && !INFINITE.test(cell);
}

/** Why a cell is not a usable number, as the end of a sentence that begins with its place. */
export function whyNotNumber(cell: string): string {
  if (cell === '') return 'is empty: every cell needs a value';
  if (isMissing(cell)) return `holds ${quote(cell)}, a missing value: every cell needs a value`;
  if (INFINITE.test(cell)) return `holds ${quote(cell)}, which is not finite`;
  if (DECIMAL.test(cell)) return `holds ${quote(cell)}, which is too large: values up to 10¹⁸ can be used`;
  if (/^[+-]?\d+,\d+$/.test(cell))
    return `holds ${quote(cell)}, which is not a number: decimals are written with a point`;
  return `holds ${quote(cell)}, which is not a number`;
}

/** A column is text where more of its cells are text than not; holes count for neither. */
function kindOf(rows: readonly (readonly string[])[], column: number): ColumnKind {
  let text = 0;
  let holes = 0;
  for (const row of rows) {
    if (isText(row[column])) text++;
    else if (isMissing(row[column])) holes++;
  }
  return text > rows.length - holes - text ? 'text' : 'number';
}

export function columnKinds(rows: readonly (readonly string[])[], width: number): ColumnKind[] {
  return Array.from({ length: width }, (_, column) => kindOf(rows, column));
}

/**
 * Whether the first row is a header: all its cells are different texts; or it has text over at least half of the columns
 * that hold numbers below, or a name that marks a target over one of them. A single slip in a row of numbers is not one.
 */
export function detectHeader(rows: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = rows;
  if (first.every(isText) && new Set(first).size === first.length) return true;
  const numeric = columnKinds(rest, first.length).flatMap((kind, column) => (kind === 'number' ? [column] : []));
  if (rest.length === 0 || numeric.length === 0) return false;
  const named = numeric.filter((column) => isText(first[column]));
  return (
    2 * named.length >= numeric.length || named.some((column) => TARGET_NAMES.includes(first[column].toLowerCase()))
  );
}

/** The header's names; "column 3" where it has none, or repeats one. */
export function columnNames(header: readonly string[] | null, width: number): string[] {
  const seen = new Set<string>();
  return Array.from({ length: width }, (_, column) => {
    const name = header?.[column] ?? '';
    if (name === '' || seen.has(name)) return `column ${column + 1}`;
    seen.add(name);
    return name;
  });
}

/**
 * The target's 0-based column. Asked for: by its 1-based number, else by its name (exactly, then whatever the case).
 * Not asked for: a header name that marks it; else the only text column, since inputs must be numbers; else the last.
 * Throws a `data` fault that lists what is there when the asked-for column is not.
 */
export function findTarget(
  asked: string,
  names: readonly string[],
  kinds: readonly ColumnKind[],
  header: boolean,
): number {
  const wanted = asked.trim();
  if (wanted !== '') {
    const position = /^\d{1,9}$/.test(wanted) ? Number(wanted) - 1 : -1;
    if (position >= 0 && position < names.length) return position;
    const exact = names.indexOf(wanted);
    const found = exact >= 0 ? exact : names.findIndex((name) => name.toLowerCase() === wanted.toLowerCase());
    if (header && found >= 0) return found;
    throw new EdgescopeError('data', `There is no target column ${quote(wanted)}: ${whatIsThere(names, header)}.`);
  }
  if (header) {
    const lower = names.map((name) => name.toLowerCase());
    for (const name of TARGET_NAMES) if (lower.includes(name)) return lower.lastIndexOf(name);
  }
  const texts = kinds.filter((kind) => kind === 'text').length;
  return texts === 1 ? kinds.indexOf('text') : names.length - 1;
}

function whatIsThere(names: readonly string[], header: boolean): string {
  const numbers = `give a number from 1 to ${names.length}`;
  if (!header) return `the file has no header line; ${numbers}`;
  const listed = names.slice(0, NAMES_LISTED).map(quote).join(', ');
  const more = names.length > NAMES_LISTED ? ` and ${names.length - NAMES_LISTED} more` : '';
  return `the file has ${listed}${more}; give a name or ${numbers}`;
}

/**
 * Classes or values. Text is classes; so are at most 50 different whole numbers, where there are two of them or each
 * occurs three times on average. Everything else is values.
 */
export function detectTask(cells: readonly string[], kind: ColumnKind, choice: CsvOptions['task']): CsvTask {
  if (choice !== 'auto') return choice;
  if (kind === 'text') return 'classification';
  const values = new Set<number>();
  for (const cell of cells) {
    const value = toNumber(cell);
    if (Number.isNaN(value)) continue; // the cell's own fault, told with its place when it is read
    if (!Number.isInteger(value)) return 'regression';
    values.add(value);
    if (values.size > MOST_CLASSES) return 'regression';
  }
  return values.size <= 2 || 3 * values.size <= cells.length ? 'classification' : 'regression';
}
