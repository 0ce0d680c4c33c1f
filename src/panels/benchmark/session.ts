/**
 * What the Benchmark page knows and does: what is to be measured, the worker that measures it, and what it has found so
 * far. Stopping ends the worker, and keeps the figures; those of the run before stay until there is a new one.
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

export interface Missing {
  readonly entrant: EntrantId;
  readonly reason: string;
}

/** What one run has found. */
export interface Results {
  /** When it began; null before the first run. */
  readonly begun: Date | null;
  /** How it was measured, whatever is chosen for the next. */
  readonly quick: boolean;
  readonly participants: readonly Participant[];
  readonly missing: readonly Missing[];
  readonly figures: readonly Figure[];
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
  /** Of the run under way or the last one. */
  readonly latest: Results;
  /** Of the last run before it that had a figure. */
  readonly earlier: Results | null;
}

const NOTHING: Results = { begun: null, quick: false, participants: [], missing: [], figures: [] };

export const benchmarkStore = createStore<BenchmarkState>(() => ({
  problems: new Set<ProblemId>(['tiny', 'small']),
  entrants: new Set(IN_BROWSER),
  quick: false,
  phase: 'idle',
  words: '',
  share: 0,
  latest: NOTHING,
  earlier: null,
}));

/** Whether what is shown is from before the latest run, which has no figure yet. */
export function isEarlierShown({ latest, earlier }: BenchmarkState): boolean {
  return latest.figures.length === 0 && earlier !== null;
}

export function shownResults(state: BenchmarkState): Results {
  return state.earlier && isEarlierShown(state) ? state.earlier : state.latest;
}

let worker: Worker | null = null;

function end(phase: BenchmarkState['phase'], words = ''): void {
  worker?.terminate();
  worker = null;
  benchmarkStore.setState({ phase, words });
}

function hear(message: FromBenchmark): void {
  const { latest } = benchmarkStore.getState();
  const found = (more: Partial<Results>): void => benchmarkStore.setState({ latest: { ...latest, ...more } });
  switch (message.type) {
    case 'started': {
      const { entrant, device, startUpMs } = message;
      return found({ participants: [...latest.participants, { entrant, device, startUpMs }] });
    }
    case 'missing': {
      const { entrant, reason } = message;
      return found({ missing: [...latest.missing, { entrant, reason }] });
    }
    case 'doing':
      return benchmarkStore.setState({ words: message.words, share: message.share });
    case 'figures':
      return found({ figures: [...latest.figures, ...message.figures] });
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
  const shown = shownResults(benchmarkStore.getState());
  benchmarkStore.setState({
    phase: 'running',
    words: 'starting',
    share: 0,
    latest: { ...NOTHING, begun: new Date(), quick },
    earlier: shown.figures.length > 0 ? shown : null,
  });
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
