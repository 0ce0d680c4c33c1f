/**
 * The bytes of a file → a table of cells, each row with the line it starts on in the file. Papa Parse splits the text
 * into cells (RFC 4180 quoting); which delimiter, what counts as a row and what is said about a broken file is decided
 * here. Comment lines (# first), blank lines and rows of nothing but empty cells are skipped and still counted as lines.
 */
import Papa from 'papaparse';
import { EdgescopeError } from '../../experiment/fault';
import { quote } from '../../experiment/fields';

export interface Table {
  /** Trimmed cells, all rows of one width; a header line, where there is one, is the first. */
  readonly rows: readonly (readonly string[])[];
  /** 1-based line of each row, as an editor shows it. */
  readonly lines: readonly number[];
  readonly width: number;
  /** Rows in the file, those beyond `rows` included. */
  readonly total: number;
}

const LARGEST_FILE_MB = 64;
const WIDEST_TABLE = 4096;
/** Where two delimiters split the sample equally well the earlier one wins: a comma may be a decimal sign. */
const DELIMITERS = ['\t', ';', '|', ','];
const SAMPLE_LINES = 100;
const SAMPLE_CHARACTERS = 262_144;

const fault = (message: string): EdgescopeError => new EdgescopeError('data', message);

/** The text of a UTF-8 file, without its byte-order mark and with \n line ends. Throws a `data` fault on anything else. */
function decode(bytes: Uint8Array): string {
  if (bytes.length > LARGEST_FILE_MB * 1024 * 1024) {
    const megabytes = (bytes.length / (1024 * 1024)).toFixed(1);
    throw fault(`The file has ${megabytes} MB; at most ${LARGEST_FILE_MB} MB can be read.`);
  }
  if (bytes.length === 0) throw fault('The file is empty.');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw fault('The file is in UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”).');
  }
  if (bytes.includes(0)) throw fault('This is a binary file, not a text file of comma-separated values.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    throw fault('The file is not UTF-8 text; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”).');
  }
}

/** How often each delimiter stands outside quotes, for each of the first records: [delimiter][record]. */
function countDelimiters(text: string): number[][] {
  const counts: number[][] = DELIMITERS.map(() => []);
  let inQuotes = false;
  let records = 0;
  for (const line of text.slice(0, SAMPLE_CHARACTERS).split('\n')) {
    if (!inQuotes) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      if (records === SAMPLE_LINES) break;
      records++;
      counts.forEach((count) => count.push(0));
    }
    for (const character of line) {
      if (character === '"') inQuotes = !inQuotes;
      else if (!inQuotes) {
        const which = DELIMITERS.indexOf(character);
        if (which >= 0) counts[which][records - 1]++;
      }
    }
  }
  return counts;
}

/** How many records have the most frequent count above zero. */
function agreement(counts: readonly number[]): number {
  const tally = new Map<number, number>();
  for (const count of counts) if (count > 0) tally.set(count, (tally.get(count) ?? 0) + 1);
  return Math.max(0, ...tally.values());
}

/** The delimiter on whose number the first records agree best; null where none occurs. */
function findDelimiter(text: string): string | null {
  let best = 0;
  let found: string | null = null;
  countDelimiters(text).forEach((counts, which) => {
    const agree = agreement(counts);
    if (agree > best) [best, found] = [agree, DELIMITERS[which]];
  });
  return found;
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/**
 * The first `most` rows of a file as cells; the rows after them are counted, not read. Throws a `data` fault that names
 * the row (by its line in the file) for a file that is empty, too large, not UTF-8 text, badly quoted or ragged.
 */
export function readTable(bytes: Uint8Array, most: number): Table {
  let text = decode(bytes);
  let delimiter = findDelimiter(text);
  if (delimiter === null && !text.includes('"')) {
    // Columns lined up with spaces: one or more of them are one delimiter.
    text = text.replace(/ +/g, ' ').replace(/^ | $/gm, '');
    delimiter = ' ';
  }

  const rows: string[][] = [];
  const lines: number[] = [];
  let total = 0;
  const faults: EdgescopeError[] = [];
  let cursor = 0;
  let newlines = 0;

  Papa.parse<string[]>(text, {
    delimiter: delimiter ?? ',',
    newline: '\n',
    comments: '#',
    step: ({ data, errors, meta }, parser) => {
      newlines += countNewlines(text, cursor, meta.cursor);
      cursor = meta.cursor;
      const open = errors.some(({ code }) => code === 'MissingQuotes');
      const terminated = !open && text[cursor - 1] === '\n';
      const inside = data.reduce((sum, cell) => sum + countNewlines(cell, 0, cell.length), 0);
      const line = 1 + newlines - inside - (terminated ? 1 : 0);
      const cells = data.map((cell) => cell.trim());
      if (cells.every((cell) => cell === '')) return;
      total++;
      if (rows.length >= most) return;
      if (errors.length > 0) {
        faults.push(
          fault(`Row ${line} has a quotation mark that ${open ? 'is never closed' : 'does not end its cell'}.`),
        );
      } else if (cells.length > WIDEST_TABLE) {
        faults.push(fault(`Row ${line} has ${cells.length} columns; at most ${WIDEST_TABLE} can be read.`));
      } else if (rows.length > 0 && cells.length !== rows[0].length) {
        faults.push(fault(raggedMessage(line, cells, lines[0], rows[0].length)));
      }
      if (faults.length > 0) {
        parser.abort();
        return;
      }
      rows.push(cells);
      lines.push(line);
    },
  });
  if (faults.length > 0) throw faults[0];
  if (rows.length === 0) throw fault('The file has no rows: there is nothing but blank lines and comments.');
  return { rows, lines, width: rows[0].length, total };
}

function raggedMessage(line: number, cells: readonly string[], firstLine: number, width: number): string {
  const where =
    cells.length > width
      ? `its column ${width + 1} (${quote(cells[width])}) is one too many`
      : `column ${cells.length + 1} is missing`;
  return `Row ${line} has ${cells.length} ${cells.length === 1 ? 'column' : 'columns'} and row ${firstLine} has ${width}: ${where}.`;
}
