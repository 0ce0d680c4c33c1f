/**
 * What the Benchmark page knows and does: what is to be measured, the worker that measures it, and what it has found so
 * far. Stopping ends the worker, and keeps the figures.
 */
import { createStore } from 'zustand/vanilla';
import {
  IN_BROWSER,
  type BrowserEntrantId,
  type EntrantId,
  type Figure,
  type ProblemId,
} from '../../benchmark/report/subject';
import type { FromBenchmark, ToBenchmark } from '../../worker/benchmark-protocol';

export const OFFERED_PROBLEMS: readonly ProblemId[] = ['tiny', 'small', 'medium'];

export interface Participant {
  readonly entrant: EntrantId;
  readonly device: string;
  readonly startUpMs: number | null;
}

export interface BenchmarkState {
  readonly problems: ReadonlySet<ProblemId>;
  readonly entrants: ReadonlySet<BrowserEntrantId>;
  readonly quick: boolean;
  readonly phase: 'idle' | 'running' | 'done' | 'stopped' | 'failed';
  /** What is being done, or why it failed. */
  readonly words: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly participants: readonly Participant[];
  readonly missing: readonly { readonly entrant: EntrantId; readonly reason: string }[];
  readonly figures: readonly Figure[];
}

const NOTHING = { words: '', share: 0, participants: [], missing: [], figures: [] };

export const benchmarkStore = createStore<BenchmarkState>(() => ({
  problems: new Set<ProblemId>(['tiny', 'small']),
  entrants: new Set(IN_BROWSER),
  quick: false,
  phase: 'idle',
  ...NOTHING,
}));

let worker: Worker | null = null;

function end(phase: BenchmarkState['phase'], words = ''): void {
  worker?.terminate();
  worker = null;
  benchmarkStore.setState({ phase, words });
}

function hear(message: FromBenchmark): void {
  const { participants, missing, figures } = benchmarkStore.getState();
  switch (message.type) {
    case 'started': {
      const { entrant, device, startUpMs } = message;
      return benchmarkStore.setState({ participants: [...participants, { entrant, device, startUpMs }] });
    }
    case 'missing': {
      const { entrant, reason } = message;
      return benchmarkStore.setState({ missing: [...missing, { entrant, reason }] });
    }
    case 'doing':
      return benchmarkStore.setState({ words: message.words, share: message.share });
    case 'figures':
      return benchmarkStore.setState({ figures: [...figures, ...message.figures] });
    case 'done':
      benchmarkStore.setState({ share: 1 });
      return end('done');
    case 'failed':
      return end('failed', message.reason);
  }
}

/** Measures what is chosen, from the beginning. */
export function start(): void {
  const { problems, entrants, quick } = benchmarkStore.getState();
  const mine = new Worker(new URL('../../worker/benchmark.ts', import.meta.url), {
    type: 'module',
    name: 'edgescope-benchmark',
  });
  worker = mine;
  benchmarkStore.setState({ ...NOTHING, phase: 'running', words: 'starting' });
  mine.onmessage = (event: MessageEvent<FromBenchmark>) => {
    if (worker === mine) hear(event.data);
  };
  mine.onerror = (event) => {
    if (worker === mine) end('failed', event.message || 'the worker could not be started');
  };
  mine.postMessage({
    type: 'start',
    problems: OFFERED_PROBLEMS.filter((id) => problems.has(id)),
    entrants: IN_BROWSER.filter((id) => entrants.has(id)),
    quick,
  } satisfies ToBenchmark);
}

export function stop(): void {
  end('stopped');
}

/** The set with or without a member. */
export function withMember<T>(set: ReadonlySet<T>, member: T, there: boolean): ReadonlySet<T> {
  const changed = new Set(set);
  if (there) changed.add(member);
  else changed.delete(member);
  return changed;
}
