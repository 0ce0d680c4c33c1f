/**
 * The command line's words: what may be written, and one sentence for whatever may not. Nothing is read or run here.
 */
import { parseArgs } from 'node:util';
import { quote } from '../experiment/fields';
import { FIELDS, MOST_STEPS, type NumberSpec } from '../experiment/schema';

/** A command that cannot be carried out as it was written; the message is the one line that the reader gets. */
export class UsageError extends Error {}

export interface RecordCommand {
  readonly kind: 'record';
  /** A link, or the path of a file that holds one. */
  readonly source: string;
  readonly steps: number | null;
  /** Ascending, without repetition; null: the first and the last step. */
  readonly snapshots: readonly number[] | null;
  readonly measure: readonly string[] | null;
  readonly every: number | null;
  readonly engine: string | null;
  readonly out: string;
  readonly arrays: string;
  readonly data: string | null;
  readonly json: boolean;
  readonly quiet: boolean;
}

export type Command = RecordCommand | { readonly kind: 'help' };

export const HELP = `edgescope record <link or file> [options]

Trains the network of a link in Node and writes what was measured. The first argument is a link
("#/?lr=0.1&seed=2", or the whole address), a text file holding one, or an earlier run.json.

  --steps N            last step (default: the link's stop, 5000 where it has none)
  --snapshots 0,100    steps of which θ and the eigenvectors are kept (default: 0 and the last)
  --measure a,b        series to write (default: all; an unknown one lists them)
  --every N            steps between measurements (default: the link's every, else 5)
  --engine NAME        the engine to run on: wasm, or tensorflow (TensorFlow.js on the CPU, slow)
  --data FILE          a CSV file of your own to train on
  --out FILE           the record (default: run.json)
  --arrays FILE        the arrays (default: as --out, ending in .npz)
  --json               one line of JSON on stdout instead of text
  --quiet              nothing but errors
  --help               this text

Exit status: 0, also for a run that diverges (the record says so); 1 with one line on stderr otherwise.`;

const OPTIONS = {
  steps: { type: 'string' },
  snapshots: { type: 'string' },
  measure: { type: 'string' },
  every: { type: 'string' },
  engine: { type: 'string' },
  out: { type: 'string' },
  arrays: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function needsValue(name: string): boolean {
  return Object.hasOwn(OPTIONS, name) && OPTIONS[name as keyof typeof OPTIONS].type === 'string';
}

/**
 * The arguments with every value tied to its option, so that Node takes no negative number for an option: what is wrong
 * with it is said by whoever reads the value. Throws where an option that needs a value has none.
 */
function tied(argv: readonly string[]): string[] {
  const result: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--') return [...result, ...argv.slice(i)];
    const name = /^--([a-z]+)$/.exec(argv[i])?.[1] ?? '';
    if (!needsValue(name)) {
      result.push(argv[i]);
      continue;
    }
    const value = argv.at(++i);
    if (value === undefined || /^-(?![.\d])./.test(value)) {
      throw new UsageError(`--${name} needs a value; see edgescope --help.`);
    }
    result.push(`--${name}=${value}`);
  }
  return result;
}

function parse(argv: readonly string[]) {
  const args = tied(argv);
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });
  } catch (thrown) {
    // Node's messages go on with advice in further sentences; the first says what is wrong.
    const [first] = String(thrown instanceof Error ? thrown.message : thrown).split(/\.\s|\n/);
    throw new UsageError(`${first}; see edgescope --help.`);
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,12}$/.test(text.trim()) ? Number(text) : NaN;
  if (!(value >= min && value <= max))
    throw new UsageError(`--${option} must be a whole number from ${min} to ${max}, not ${quote(text)}.`);
  return value;
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function snapshotSteps(text: string): number[] {
  const steps = list(text).map((part) => wholeNumber('snapshots', part, 0, MOST_STEPS));
  if (steps.length === 0) throw new UsageError('--snapshots must list steps, such as 0,100,500.');
  return [...new Set(steps)].sort((a, b) => a - b);
}

function path(option: string, text: string): string {
  if (text === '') throw new UsageError(`--${option} needs the name of a file.`);
  return text;
}

/** Reads the command line's arguments. Throws a UsageError for everything that cannot be meant. */
export function readArguments(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help || positionals[0] === 'help') return { kind: 'help' };
  const [command, source, ...rest] = positionals;
  if (command === undefined)
    throw new UsageError('Say what to do: edgescope record <link or file>; see edgescope --help.');
  if (command !== 'record') throw new UsageError(`There is no command ${quote(command)}; there is: record.`);

  const { every } = FIELDS as { readonly every: NumberSpec };
  const out = path('out', values.out ?? 'run.json');
  const options = {
    steps: values.steps === undefined ? null : wholeNumber('steps', values.steps, 1, MOST_STEPS),
    snapshots: values.snapshots === undefined ? null : snapshotSteps(values.snapshots),
    measure: values.measure === undefined ? null : list(values.measure),
    every: values.every === undefined ? null : wholeNumber('every', values.every, every.min, every.max),
    engine: values.engine ?? null,
    out,
    arrays: path('arrays', values.arrays ?? `${out.replace(/\.json$/i, '')}.npz`),
    data: values.data === undefined ? null : path('data', values.data),
    json: values.json ?? false,
    quiet: values.quiet ?? false,
  };
  if (source === undefined || source.trim() === '')
    throw new UsageError('record needs a link, or a file that holds one.');
  if (rest.length > 0)
    throw new UsageError(`record takes one link or file; ${quote(rest[0])} is one too many (quote the link).`);
  return { kind: 'record', source, ...options };
}
