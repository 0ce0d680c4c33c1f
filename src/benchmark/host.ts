/**
 * One entrant in a page or worker of its own. Libraries change each other where they share one: TensorFlow.js has one
 * table of gradients, one set of flags and one current backend for a whole program, and our TensorFlow.js engine uses it
 * in another way than the peer. So everybody gets a world of their own, and whoever lets them take turns asks from outside.
 */
import type { Entrant, Workload } from './entrant';
import { SIZES, type BrowserEntrantId, type ProblemId, type Work } from './report/subject';
import { startInBrowser, type Started } from './start';

/** The questions, and the answers: plain data, fit for messages. The clock runs in the world of the entrant. */
export interface Host {
  start(id: BrowserEntrantId): Promise<Omit<Started, 'entrant'>>;
  prepare(problem: ProblemId): Promise<{ readonly works: readonly Work[]; readonly product: number[] }>;
  time(work: Work, count: number): Promise<{ readonly ms: number; readonly note: string | null }>;
  release(): Promise<void>;
}

/** The end at which it computes. */
export function hostOf(kernels: () => Promise<WebAssembly.Module>): Host {
  let started: Started | null = null;
  let workload: Workload | null = null;
  return {
    async start(id) {
      started = await startInBrowser(id, await kernels());
      const { device, startUpMs, hardware } = started;
      return { device, startUpMs, hardware };
    },
    async prepare(problem) {
      if (!started) throw new Error('nobody has been started');
      workload = await started.entrant.prepare(SIZES[problem]);
      return { works: workload.works, product: Array.from(await workload.product()) };
    },
    async time(work, count) {
      if (!workload) throw new Error('nothing has been prepared');
      return { ms: await workload.time(work, count), note: workload.note(work) };
    },
    async release() {
      workload?.dispose();
      workload = null;
    },
  };
}

/** The end that asks. */
export function entrantOn(host: Host, id: BrowserEntrantId): Entrant {
  // A world that has come to an end has nothing left to release, and has said so before.
  const dispose = (): void => void host.release().catch(() => undefined);
  return {
    id,
    async prepare(size) {
      const { works, product } = await host.prepare(size.id).catch((thrown: unknown) => {
        dispose();
        throw thrown;
      });
      const notes = new Map<Work, string | null>();
      return {
        works,
        async time(work, count) {
          const { ms, note } = await host.time(work, count);
          notes.set(work, note);
          return ms;
        },
        product: () => Promise.resolve(product),
        note: (work) => notes.get(work) ?? null,
        dispose,
      };
    },
  };
}
