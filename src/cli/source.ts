/**
 * From what stands on the command line to the experiment that is run. The page mends a faulty link and says so; here it
 * is refused, since nobody looks on and a record of something else than what was asked for would be taken for it.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { basename } from 'node:path';
import { HASH_DIGITS, LONGEST_NAME, type DataFile } from '../experiment/csv';
import type { Experiment } from '../experiment/experiment';
import { quote } from '../experiment/fields';
import { decodeLink } from '../experiment/link';
import { defaultsFor, FIELDS } from '../experiment/schema';
import { reconcile } from '../experiment/validate';
import { UsageError, type RecordCommand } from './args';
import { isFile, readBytes } from './files';

function looksLikeLink(text: string): boolean {
  return /^https?:\/\//i.test(text) || /^[/#?]*\?/.test(text) || /^#\/?$/.test(text) || /^[a-z0-9]+=/i.test(text);
}

/** The link in a file: its first line with anything on it, or the `link` of a run.json. */
function linkInFile(path: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(trimmed);
    } catch {
      throw new UsageError(`The file ${quote(path)} begins like JSON and is not.`);
    }
    const { link } = parsed as { link?: unknown };
    if (typeof link === 'string' && looksLikeLink(link)) return link;
    throw new UsageError(`The file ${quote(path)} is JSON without a link: it is not an Edgescope run.json.`);
  }
  const line = trimmed.split(/\r?\n/, 1)[0].trim();
  if (looksLikeLink(line)) return line;
  throw new UsageError(`The file ${quote(path)} does not begin with a link.`);
}

async function linkFrom(source: string): Promise<string> {
  if (await isFile(source)) return linkInFile(source, new TextDecoder().decode(await readBytes(source)));
  if (looksLikeLink(source)) return source;
  throw new UsageError(`${quote(source)} is neither a link nor a file that can be read.`);
}

/** A file's name as a link can carry it. */
function linkableName(path: string): string {
  const visible = [...basename(path)].filter((character) => character >= ' ' && character !== '\u007f');
  return visible.slice(0, LONGEST_NAME).join('');
}

function refuseRemarks(remarks: readonly { readonly message: string }[]): void {
  if (remarks.length === 0) return;
  const more = remarks.length > 1 ? ` (And ${remarks.length - 1} more.)` : '';
  throw new UsageError(`The page would mend this link, record does not: ${remarks[0].message}${more}`);
}

function withData(experiment: Experiment, file: DataFile | null): Experiment {
  if (!file) {
    if (experiment.data !== 'csv') return experiment;
    const name = experiment.file === '' ? 'a CSV file' : `the file ${quote(experiment.file)}`;
    throw new UsageError(`The link trains on ${name}: give it with --data.`);
  }
  const hash = bytesToHex(sha256(new Uint8Array(file.bytes)));
  if (experiment.data === 'csv' && !hash.startsWith(experiment.hash)) {
    throw new UsageError(
      `The link asks for a file whose SHA-256 begins with ${experiment.hash}; that of ${quote(file.name)} is ${hash.slice(0, HASH_DIGITS)}….`,
    );
  }
  const n = experiment.n === defaultsFor(experiment.data).n ? defaultsFor('csv').n : experiment.n;
  return {
    ...experiment,
    data: 'csv',
    n,
    noise: defaultsFor('csv').noise,
    file: file.name,
    hash: hash.slice(0, HASH_DIGITS),
  };
}

function withEngine(experiment: Experiment, asked: string | null): Experiment {
  const engine = asked ?? experiment.engine;
  if (engine === 'wasm' || engine === 'auto') return { ...experiment, engine: 'wasm' };
  if (engine === 'tensorflow') return { ...experiment, engine };
  const known = FIELDS.engine.kind === 'choice' && FIELDS.engine.choices.includes(engine);
  if (!known) throw new UsageError(`--engine must be wasm or tensorflow, not ${quote(engine)}.`);
  throw new UsageError(
    asked === null
      ? `The link asks for the engine ${engine}, which Node does not have: add --engine wasm.`
      : `The engine ${engine} is not available in Node: use --engine wasm.`,
  );
}

/** The experiment to run and the data file it is run on, if it is. Throws a UsageError for whatever does not fit. */
export async function experimentFor(
  command: RecordCommand,
): Promise<{ experiment: Experiment; file: DataFile | null }> {
  const decoded = decodeLink(await linkFrom(command.source));
  refuseRemarks(decoded.remarks);
  const file =
    command.data === null ? null : { name: linkableName(command.data), bytes: (await readBytes(command.data)).buffer };
  const { experiment, remarks } = reconcile(withEngine(withData(decoded.experiment, file), command.engine));
  refuseRemarks(remarks);
  const { steps, every } = command;
  return { experiment: { ...experiment, stop: steps ?? experiment.stop, every: every ?? experiment.every }, file };
}
