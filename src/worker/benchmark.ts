/**
 * The Benchmark page's worker: gives everybody who is asked for a worker of their own, lets them take turns, and reports
 * what it finds. It is stopped by being terminated, which ends those workers too; nothing else runs in it.
 */
import type { Entrant } from '../benchmark/entrant';
import { errorOf, QUICK, THOROUGH } from '../benchmark/harness';
import { entrantOn, type Host } from '../benchmark/host';
import { measure } from '../benchmark/measure';
import { referenceProduct } from '../benchmark/reference';
import { NAMES, SIZES } from '../benchmark/report/subject';
import type { Answer, Asked, Question } from './benchmark-host';
import type { FromBenchmark, ToBenchmark } from './benchmark-protocol';
import { loadKernels } from './kernels';

const post = (message: FromBenchmark): void => postMessage(message);

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** A worker of one's own, asked by messages. */
function newHost(): Host {
  const worker = new Worker(new URL('./benchmark-host.ts', import.meta.url), { type: 'module' });
  const pending = new Map<number, Pending>();
  let count = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const asked = pending.get(data.number);
    pending.delete(data.number);
    if ('reason' in data) asked?.reject(new Error(data.reason));
    else asked?.resolve(data.value);
  };
  worker.onerror = ({ message }) => {
    for (const { reject } of pending.values()) reject(new Error(message || 'its worker could not be started'));
    pending.clear();
  };
  const ask = <K extends keyof Host>(question: Question & { readonly ask: K }): ReturnType<Host[K]> => {
    const number = count++;
    return new Promise<unknown>((resolve, reject) => {
      pending.set(number, { resolve, reject });
      worker.postMessage({ number, question } satisfies Asked);
    }) as ReturnType<Host[K]>;
  };
  return {
    start: (entrant) => ask({ ask: 'start', entrant }),
    prepare: (problem) => ask({ ask: 'prepare', problem }),
    time: (work, times) => ask({ ask: 'time', work, count: times }),
    release: () => ask({ ask: 'release' }),
  };
}

async function run({ problems, entrants: asked, quick }: ToBenchmark): Promise<void> {
  const kernels = await loadKernels();
  const entrants: Entrant[] = [];
  for (const id of asked) {
    post({ type: 'doing', words: `starting ${NAMES[id]}`, share: 0 });
    try {
      const host = newHost();
      const { device, startUpMs } = await host.start(id);
      entrants.push(entrantOn(host, id));
      post({ type: 'started', entrant: id, device, startUpMs });
    } catch (thrown) {
      post({ type: 'missing', entrant: id, reason: errorOf(thrown).message });
    }
  }
  for (const [i, problem] of problems.entries()) {
    const size = SIZES[problem];
    await measure(size, entrants, await referenceProduct(kernels, size), quick ? QUICK : THOROUGH, {
      doing: (words, share) => {
        post({ type: 'doing', words: `${problem}: ${words}`, share: (i + share) / problems.length });
      },
      figures: (figures) => post({ type: 'figures', figures }),
    });
  }
  post({ type: 'done' });
}

addEventListener('message', (event: MessageEvent<ToBenchmark>) => {
  run(event.data).catch((thrown: unknown) => post({ type: 'failed', reason: errorOf(thrown).message }));
});
