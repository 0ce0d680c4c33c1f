/**
 * A file of one's own as a data set: numeric columns as inputs, one column as the target. `inspectCsv` says what the
 * reader makes of a file so that it can be corrected; `loadCsv` goes on to the numbers and is strict about every cell.
 * A fault is one sentence with the row (the file's own line number) and the column.
 *
 * Classes are in ascending order where all of them are numbers, else in order of first appearance. Targets are one-hot
 * [rows, classes], except for two classes with half-MSE: one output, −1 for the first class and +1 for the second, as
 * for the generated two-class data. With `std`, the input columns and a regression target are standardised. The data set
 * is the first `n` rows of the file; the rows after them are counted and not looked at.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { CsvOptions, CsvSummary, DataFile } from '../../experiment/csv';
import type { LossId } from '../../experiment/experiment';
import { EdgescopeError } from '../../experiment/fault';
import { quote } from '../../experiment/fields';
import {
  columnKinds,
  columnNames,
  detectHeader,
  detectTask,
  findTarget,
  isMissing,
  MOST_CLASSES,
  toNumber,
  whyNotNumber,
  type ColumnKind,
  type CsvTask,
} from './csv-detect';
import { readTable } from './csv-table';
import { oneHot, standardise, type Dataset } from './dataset';

const PREVIEW_ROWS = 6;
const PREVIEW_CELL = 60;

/** A file understood but not yet turned into numbers. */
interface Reading {
  readonly rows: readonly (readonly string[])[];
  readonly lines: readonly number[];
  readonly total: number;
  readonly header: boolean;
  readonly names: readonly string[];
  readonly kinds: readonly ColumnKind[];
  readonly target: number;
  readonly task: CsvTask;
  /** Distinct target cells in class order; empty for regression. */
  readonly classes: readonly string[];
}

const fault = (message: string): EdgescopeError => new EdgescopeError('data', message);

/** "Row 17, column 3 (“age”)": where a cell stands. */
function place({ lines, names, header }: Reading, row: number, column: number): string {
  const name = header ? ` (${quote(names[column])})` : '';
  return `Row ${lines[row]}, column ${column + 1}${name}`;
}

/** Number cells that are equal as numbers are one class, written in the shortest way. */
function classKey(cell: string, numeric: boolean): string {
  return numeric ? String(toNumber(cell) + 0) : cell;
}

function classesOf(cells: readonly string[]): string[] {
  const numeric = cells.every((cell) => !Number.isNaN(toNumber(cell)));
  const keys = [...new Set(cells.map((cell) => classKey(cell, numeric)))];
  return numeric ? keys.sort((a, b) => Number(a) - Number(b)) : keys;
}

function read(file: DataFile, options: CsvOptions): Reading {
  // One row more than asked for: the first may turn out to be a header.
  const table = readTable(new Uint8Array(file.bytes), options.n + 1);
  const header = options.header === 'auto' ? detectHeader(table.rows) : options.header === 'yes';
  const from = header ? 1 : 0;
  const rows = table.rows.slice(from, from + options.n);
  if (rows.length === 0) throw fault('The file has a header line and no rows under it.');
  if (table.width < 2) {
    throw fault('The file has one column, and two are needed, inputs and a target, separated by , ; | tab or space.');
  }
  const names = columnNames(header ? table.rows[0] : null, table.width);
  const kinds = columnKinds(rows, table.width);
  const target = findTarget(options.target, names, kinds, header);
  const cells = rows.map((row) => row[target]);
  const task = detectTask(cells, kinds[target], options.task);
  const classes = task === 'classification' ? classesOf(cells) : [];
  const lines = table.lines.slice(from);
  return { rows, lines, total: table.total - from, header, names, kinds, target, task, classes };
}

function summarise(file: DataFile, reading: Reading): CsvSummary {
  const { rows, total, header, names, kinds, target, task, classes } = reading;
  return {
    name: file.name,
    hash: bytesToHex(sha256(new Uint8Array(file.bytes))),
    rows: total,
    header,
    columns: names.map((name, column) => ({
      name,
      kind: kinds[column],
      distinct: new Set(rows.map((row) => row[column])).size,
    })),
    target,
    task,
    classes: classes.slice(0, MOST_CLASSES),
    preview: rows.slice(0, PREVIEW_ROWS).map((row) => row.map((cell) => cell.slice(0, PREVIEW_CELL))),
  };
}

/**
 * What the reader makes of a file: header, columns, target, task, classes. Throws a `data` fault only where the file
 * cannot be read as a table or the asked-for target is not there; faulty cells are `loadCsv`'s business, so that a
 * wrong guess can be corrected first.
 */
export function inspectCsv(file: DataFile, options: CsvOptions): CsvSummary {
  return summarise(file, read(file, options));
}

/** The cell as a number, or a `data` fault that names its place. */
function numberAt(reading: Reading, row: number, column: number): number {
  const cell = reading.rows[row][column];
  const value = toNumber(cell);
  if (Number.isNaN(value)) throw fault(`${place(reading, row, column)} ${whyNotNumber(cell)}.`);
  return value;
}

/** Input columns, row-major [rows, columns − 1]. */
function readInputs(reading: Reading): Float64Array {
  const { rows, names, target } = reading;
  const inputs = new Float64Array(rows.length * (names.length - 1));
  let at = 0;
  rows.forEach((row, i) => {
    for (let column = 0; column < row.length; column++) {
      if (column !== target) inputs[at++] = numberAt(reading, i, column);
    }
  });
  return inputs;
}

/** Class index of each row. `guessed`: nobody asked for classes, so a stray text among numbers is a slip. */
function readLabels(reading: Reading, guessed: boolean): Int32Array {
  const { rows, kinds, names, target, classes } = reading;
  const strict = guessed && kinds[target] === 'number';
  rows.forEach((row, i) => {
    if (isMissing(row[target]) || strict) numberAt(reading, i, target);
  });
  const column = `The target column ${target + 1}${reading.header ? ` (${quote(names[target])})` : ''}`;
  if (classes.length > MOST_CLASSES) {
    throw fault(`${column} has ${classes.length} different values, and at most ${MOST_CLASSES} classes are possible.`);
  }
  if (classes.length < 2) {
    throw fault(`${column} holds ${quote(classes[0])} in every row: with one class there is nothing to learn.`);
  }
  const numeric = classes.every((name) => !Number.isNaN(toNumber(name)));
  const index = new Map(classes.map((name, i) => [name, i]));
  return Int32Array.from(rows, (row) => index.get(classKey(row[target], numeric)) ?? 0);
}

/**
 * The data set of a file and what the reader made of it. `loss` decides how two classes are coded. Throws a `data` fault
 * for every file that cannot be trained on.
 */
export function loadCsv(file: DataFile, options: CsvOptions, loss: LossId): { dataset: Dataset; summary: CsvSummary } {
  const reading = read(file, options);
  const { rows, names, target, task, classes } = reading;
  const examples = rows.length;
  const inputWidth = names.length - 1;
  const inputs = readInputs(reading);
  if (options.std) standardise(inputs, examples, inputWidth);
  const shape = { examples, inputWidth, inputs };
  const summary = summarise(file, reading);

  if (task === 'regression') {
    const targets = Float64Array.from(rows, (_, row) => numberAt(reading, row, target));
    if (options.std) standardise(targets, examples, 1);
    return { dataset: { ...shape, outputWidth: 1, targets, labels: null, classes: 0 }, summary };
  }
  const labels = readLabels(reading, options.task === 'auto');
  const oneOutput = loss === 'mse' && classes.length === 2;
  const targets = oneOutput ? Float64Array.from(labels, (label) => 2 * label - 1) : oneHot(labels, classes.length);
  const outputWidth = oneOutput ? 1 : classes.length;
  return { dataset: { ...shape, outputWidth, targets, labels, classes: classes.length }, summary };
}
