/**
 * The engines of the worker: each made by code that is fetched when it is first asked for. The one made last is kept while
 * the same is asked for again: a new run must not wait for a device.
 */
import { chooseEngine, type Choice, type EngineMakers } from '../engine/landscape/choose';
import { NotYet } from '../engine/landscape/patience';
import { createWasmEngine } from '../engine/landscape/wasm/engine';
import { ENGINE_NAMES } from '../experiment/engines';
import type { EngineId, Experiment } from '../experiment/experiment';
import { EdgescopeError } from '../experiment/fault';
import { loadKernels } from './kernels';

/** The code of an engine, or a fault that says in a clause that it did not come. */
async function fetched<T>(id: EngineId, code: Promise<T>): Promise<T> {
  try {
    return await code;
  } catch (thrown) {
    const words = `the code for ${ENGINE_NAMES[id]} could not be fetched`;
    throw new NotYet(words, Promise.resolve(), String(thrown));
  }
}

/** A GPU that goes again and again is given up; the page brings a run back so many times in a row. */
const MOST_LOSSES = 3;
const LATELY_MS = 60_000;

interface Kept {
  readonly key: string;
  readonly choice: Promise<Choice>;
  /** The run that asked for it last: what goes wrong in an earlier one is no longer this engine's business. */
  user: number;
  /** What was passed over may be had by now: a new run has the choice made again. */
  stale: boolean;
}

export class Engines {
  readonly #onLost: (run: number, reason: string) => void;
  readonly #makers: EngineMakers = {
    wasm: async (precision) => createWasmEngine(await loadKernels(), precision),
    webgpu: async () => {
      // Typed as always there, which it is not.
      const gpu: GPU | undefined = navigator.gpu;
      if (!gpu) return () => Promise.resolve(null);
      const losses = this.#lateLosses();
      if (losses >= MOST_LOSSES) {
        throw new EdgescopeError('engine', `the GPU was lost ${losses} times within a minute`);
      }
      const { createWebGpuEngine } = await fetched('webgpu', import('../engine/landscape/webgpu/engine'));
      return () => createWebGpuEngine(gpu);
    },
    tensorflow: async () => {
      const gpu = this.#lateLosses() < MOST_LOSSES ? navigator.gpu : undefined;
      const { fetchBestTensorFlowEngine } = await fetched(
        'tensorflow',
        import('../engine/landscape/tensorflow/engine'),
      );
      return fetched('tensorflow', fetchBestTensorFlowEngine(gpu));
    },
  };
  /** When a GPU was lost. */
  #losses: number[] = [];
  #kept: Kept | null = null;
  /** Settles when no engine that was dropped is left. */
  #gone: Promise<void> = Promise.resolve();

  constructor(onLost: (run: number, reason: string) => void) {
    this.#onLost = onLost;
  }

  /**
   * The engine for an experiment: the present one where it was made for the same wish. One that stands in for another
   * which was only too slow, or whose code did not come, serves until that one may be had; and where that one was asked
   * for by name, every run asks again.
   */
  engineFor({ engine, precision }: Experiment, run: number): Promise<Choice> {
    const key = `${engine} ${precision}`;
    if (this.#kept?.key === key && !this.#kept.stale) {
      this.#kept.user = run;
      return this.#kept.choice;
    }
    this.#dispose();
    // TensorFlow.js has one backend at a time: the engine before must have let go of it.
    const free = engine === 'tensorflow' ? this.#gone : Promise.resolve();
    const choice = free.then(() => chooseEngine(engine, precision, this.#makers));
    const kept = { key, choice, user: run, stale: false };
    this.#kept = kept;
    choice.then(
      async ({ engine: { lost }, later }) => {
        if (engine !== 'auto') kept.stale = later !== null;
        else void later?.then(() => (kept.stale = true));
        const reason = await lost;
        if (this.#kept !== kept) return;
        this.#losses.push(performance.now());
        this.#onLost(kept.user, reason);
      },
      () => {
        if (this.#kept === kept) this.#kept = null;
      },
    );
    return choice;
  }

  /** The run met a fault after which its engine is not used again, unless another run has asked for the engine since. */
  drop(run: number): void {
    if (this.#kept?.user === run) this.#dispose();
  }

  #dispose(): void {
    if (!this.#kept) return;
    const { choice } = this.#kept;
    this.#kept = null;
    const before = this.#gone;
    this.#gone = choice.then(
      async ({ engine }) => {
        engine.dispose();
        await before;
      },
      () => before,
    );
  }

  #lateLosses(): number {
    this.#losses = this.#losses.filter((at) => performance.now() - at < LATELY_MS);
    return this.#losses.length;
  }
}
