/** The world of one entrant on the Benchmark page: a worker that answers the questions of src/benchmark/host.ts. */
import { errorOf } from '../benchmark/harness';
import { hostOf, type Host } from '../benchmark/host';
import type { BrowserEntrantId, ProblemId, Work } from '../benchmark/report/subject';
import { loadKernels } from './kernels';

export type Question =
  | { readonly ask: 'start'; readonly entrant: BrowserEntrantId }
  | { readonly ask: 'prepare'; readonly problem: ProblemId }
  | { readonly ask: 'time'; readonly work: Work; readonly count: number }
  | { readonly ask: 'release' };

export interface Asked {
  readonly number: number;
  readonly question: Question;
}

export type Answer =
  { readonly number: number; readonly value: unknown } | { readonly number: number; readonly reason: string };

const host = hostOf(loadKernels);

function answerTo(question: Question): ReturnType<Host[keyof Host]> {
  switch (question.ask) {
    case 'start':
      return host.start(question.entrant);
    case 'prepare':
      return host.prepare(question.problem);
    case 'time':
      return host.time(question.work, question.count);
    case 'release':
      return host.release();
  }
}

addEventListener('message', ({ data: { number, question } }: MessageEvent<Asked>) => {
  answerTo(question).then(
    (value: unknown) => postMessage({ number, value } satisfies Answer),
    (thrown: unknown) => postMessage({ number, reason: errorOf(thrown).message } satisfies Answer),
  );
});
