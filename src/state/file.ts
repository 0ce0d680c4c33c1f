/**
 * The reader's own CSV file: read, looked into by the worker, kept for every run on it. What is seen of that is in the
 * csv store; what a new file means for the experiment is the session's business.
 */
import { HASH_DIGITS, LONGEST_NAME } from '../experiment/csv';
import type { Experiment } from '../experiment/experiment';
import type { Fault } from '../experiment/fault';
import { defaultsFor } from '../experiment/schema';
import type { CsvOptions, CsvSummary, DataFile } from '../worker/protocol';
import { csvStore } from './run';

interface Inspection {
  readonly request: number;
  readonly file: DataFile;
}

export interface Accepted {
  /** The keys that name the file in an experiment. */
  readonly keys: Pick<Experiment, 'data' | 'file' | 'hash'>;
  /** Whether it is the file that the experiment has asked for. */
  readonly expected: boolean;
}

export class OwnFile {
  #file: (DataFile & { readonly hash: string }) | null = null;
  #inspection: Inspection | null = null;
  /** Counts files opened and links read: of a file that was still being read, nothing more is heard. */
  #turn = 0;
  /** The link asked for a file and none has been given since. */
  #asked = false;

  /** What an experiment is to be run on: null where it has data of its own, or where the file is yet to be given. */
  for({ data }: Experiment): DataFile | null {
    return data === 'csv' ? this.#file : null;
  }

  /** Another link was opened: a file that is not the one it asks for is let go. */
  expect({ data, hash }: Experiment): void {
    this.#turn++;
    this.#inspection = null;
    this.#asked = data === 'csv';
    csvStore.setState({ expected: this.#asked ? hash : '', busy: false });
    if (data !== 'csv' || (hash && !this.#file?.hash.startsWith(hash))) this.#file = null;
  }

  /** Reads a file and hands it to `inspect`, with how the experiment would have it read. */
  async open(
    chosen: File,
    experiment: () => Experiment,
    inspect: (file: DataFile, reading: CsvOptions) => number,
  ): Promise<void> {
    const turn = ++this.#turn;
    this.#inspection = null;
    csvStore.setState({ busy: true, fault: null });
    const bytes = await chosen.arrayBuffer().catch(() => null);
    if (turn !== this.#turn) return;
    if (!bytes) {
      csvStore.setState({ busy: false, fault: { code: 'data', message: `“${chosen.name}” could not be read.` } });
      return;
    }
    const file = { name: chosen.name, bytes };
    const present = experiment();
    const { header, target, task, std, n } = present.data === 'csv' ? present : { ...present, ...defaultsFor('csv') };
    this.#inspection = { request: inspect(file, { header, target, task, std, n }), file };
  }

  /** The worker has looked into a file: kept if it can be used and is still the one waited for, else null. */
  inspected(request: number, result: CsvSummary | Fault, { data, hash }: Experiment): Accepted | null {
    if (request !== this.#inspection?.request) return null;
    const { file } = this.#inspection;
    this.#inspection = null;
    if ('code' in result) {
      csvStore.setState({ busy: false, fault: result });
      return null;
    }
    csvStore.setState({ busy: false, fault: null, summary: result });
    this.#file = { ...file, hash: result.hash };
    const expected = data === 'csv' && (this.#asked || result.hash.startsWith(hash || '-'));
    this.#asked = false;
    if (!expected) csvStore.setState({ expected: '' });
    const name = [...file.name].slice(0, LONGEST_NAME).join('');
    return { keys: { data: 'csv', file: name, hash: result.hash.slice(0, HASH_DIGITS) }, expected };
  }

  /** The worker died with the file it was looking into. */
  abandon(reason: string): void {
    if (!this.#inspection) return;
    this.#inspection = null;
    csvStore.setState({ busy: false, fault: { code: 'internal', message: `${reason} Please choose the file again.` } });
  }
}
