/** A CSV file on its way in: the file, how it is to be read, and what the reader made of it. */
import type { Experiment } from './experiment';

/** Digits of a file's SHA-256 that go into its link. */
export const HASH_DIGITS = 16;
/** Characters (code points) of a file's name that do: half of what the schema allows in UTF-16 units. */
export const LONGEST_NAME = 100;

export interface DataFile {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** How a CSV file is to be read; 'auto' and '' let the reader decide. Same meaning as the experiment's fields. */
export type CsvOptions = Pick<Experiment, 'header' | 'target' | 'task' | 'std' | 'n'>;

/** What the reader made of a CSV file, for the dialog in which it can be corrected. */
export interface CsvSummary {
  readonly name: string;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
  /** Rows in the file, without the header; the first `n` of them are used. */
  readonly rows: number;
  readonly header: boolean;
  readonly columns: readonly { readonly name: string; readonly kind: 'number' | 'text'; readonly distinct: number }[];
  /** 0-based. */
  readonly target: number;
  readonly task: 'classification' | 'regression';
  /** In class order; empty for regression. */
  readonly classes: readonly string[];
  /** The first rows as text. */
  readonly preview: readonly (readonly string[])[];
}
