/** What `npm run bench` keeps of a run, in the form of results.json, and where. */
import type { Ratio } from '../src/benchmark/report/ratios';
import type { Figure, ProblemId } from '../src/benchmark/report/subject';
import type { Started } from '../src/benchmark/start';

type Table = Record<string, Record<string, Record<string, number>>>;

/** Milliseconds and the batches behind them by problem, work and entrant, and the notes by `<problem>.<entrant>.<work>`. */
function kept(figures: readonly Figure[]) {
  const ms: Table = {};
  const batches: Table = {};
  const notes: Record<string, string> = {};
  for (const figure of figures) {
    const { problem, work, entrant, note } = figure;
    if (work !== null && figure.ms !== null) {
      ((ms[problem] ??= {})[work] ??= {})[entrant] = Number(figure.ms.toPrecision(4));
      ((batches[problem] ??= {})[work] ??= {})[entrant] = figure.batches;
    }
    if (note !== null) notes[[problem, entrant, ...(work === null ? [] : [work])].join('.')] = note;
  }
  return { ms, batches, notes };
}

/**
 * The problems on which whoever had started did all that is asked for: where one has failed, died with the browser or lost
 * its device, a problem is not done.
 */
export function finished(problems: readonly ProblemId[], figures: readonly Figure[]): ProblemId[] {
  const failed = figures.filter(({ missing }) => missing === 'failed');
  return problems.filter((id) => !failed.some(({ problem }) => problem === id));
}

/** Figures that are not complete do not replace those that are kept, but go beside them. */
export function pathFor(out: string, kept: string, complete: boolean): string {
  return complete || out !== kept ? out : kept.replace(/\.json$/, '.incomplete.json');
}

export interface Run {
  readonly environment: object;
  readonly started: readonly Started[];
  readonly figures: readonly Figure[];
  /** MiB by `<problem>.<entrant>`. */
  readonly memory: Readonly<Record<string, number>>;
  readonly ratios: readonly Ratio[];
}

export function resultsOf({ environment, started, figures, memory, ratios }: Run) {
  const devices = Object.fromEntries(started.map(({ entrant, device }) => [entrant.id, device]));
  const startUpMs = Object.fromEntries(
    started.flatMap(({ entrant, startUpMs: ms }) => (ms === null ? [] : [[entrant.id, Math.round(ms)]])),
  );
  return {
    environment: { ...environment, devices },
    startUpMs,
    ...kept(figures),
    memoryMiB: memory,
    ratios: Object.fromEntries(ratios.map(({ key, value }) => [key, value])),
  };
}
