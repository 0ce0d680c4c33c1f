/**
 * What the Benchmark page and its worker say to each other. One worker is one benchmark: the page starts it with `start`
 * and ends it, at any time, by terminating it.
 */
import type { BrowserEntrantId, EntrantId, Figure, ProblemId } from '../benchmark/report/subject';

export interface ToBenchmark {
  readonly type: 'start';
  readonly problems: readonly ProblemId[];
  readonly entrants: readonly BrowserEntrantId[];
  /** Shorter batches and fewer of them. */
  readonly quick: boolean;
}

export type FromBenchmark =
  /** An entrant is ready. */
  | {
      readonly type: 'started';
      readonly entrant: EntrantId;
      readonly device: string;
      /** Milliseconds until an engine was ready, its self-test included. */
      readonly startUpMs: number | null;
    }
  /** An entrant cannot take part, and why. */
  | { readonly type: 'missing'; readonly entrant: EntrantId; readonly reason: string }
  /** What comes next, and how much of the whole is done, from 0 to 1. */
  | { readonly type: 'doing'; readonly words: string; readonly share: number }
  | { readonly type: 'figures'; readonly figures: readonly Figure[] }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly reason: string };
