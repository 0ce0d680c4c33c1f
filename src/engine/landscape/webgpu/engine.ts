/**
 * The WebGPU engine: landscapes on one device that is ours, which TensorFlow.js can share (`tensorflow.ts`). Not
 * deterministic: GPUs differ in the order and the rounding of their arithmetic.
 */
import { EdgescopeError } from '../../../experiment/fault';
import type { Device, Engine, Landscape, Problem } from '../landscape';
import { requestContext, type GpuContext, type Most } from './device';
import { Holding } from './holding';
import { WebGpuLandscape } from './landscape';
import { PipelineCache } from './pipelines';
import { CommandQueue } from './queue';
import type { Tuning } from './shape';

export interface WebGpuOptions {
  /**
   * Submit empty work while waiting, for browsers that look for finished work only now and then. Left out, it is done
   * in Firefox.
   */
  readonly nudge?: boolean;
  /** What the kernels are cut for; left out, the adapter decides. */
  readonly tuning?: Tuning;
  /** Lower limits than the device's own. */
  readonly most?: Most;
}

function isFirefox(): boolean {
  return typeof navigator !== 'undefined' && /\bFirefox\//.test(navigator.userAgent);
}

export class WebGpuEngine implements Engine {
  readonly device: Device;
  /** False for an adapter that is a CPU in disguise. */
  readonly hardware: boolean;
  readonly lost: Promise<string>;
  readonly #context: GpuContext;
  readonly #pipelines: PipelineCache;
  readonly #queue: CommandQueue;

  constructor(context: GpuContext, nudge: boolean) {
    this.#context = context;
    this.#pipelines = new PipelineCache(context);
    this.#queue = new CommandQueue(context, nudge);
    this.hardware = context.adapter.hardware;
    this.lost = context.lost;
    this.device = { engine: 'webgpu', name: context.adapter.name, precision: 'f32', deterministic: false };
  }

  /** The device that everything here runs on, to be shared. */
  get gpuDevice(): GPUDevice {
    return this.#context.gpu;
  }

  get adapterInfo(): GPUAdapterInfo {
    return this.#context.adapter.info;
  }

  /**
   * Compiles the kernels of a problem. Rejects with a `too-large` fault where it needs more than the device offers, with
   * an `engine` fault where the device refuses it, and with `device-lost` after a loss.
   */
  async landscape(problem: Problem): Promise<Landscape> {
    if (this.#context.fault) throw this.#context.fault;
    const holding = new Holding(this.#context, this.#queue, this.#pipelines);
    try {
      const { made, ready } = await this.#context.scoped(() => {
        const made = new WebGpuLandscape(this.#context, holding, this.device, problem);
        const ready = made.prepare();
        ready.catch(() => undefined); // awaited below, unless the scope has more to say
        return { made, ready };
      });
      await this.#context.guard(ready);
      return made;
    } catch (thrown) {
      holding.release();
      throw thrown;
    }
  }

  dispose(): void {
    this.#context.dispose();
  }
}

/** An engine and whether its device is hardware; null where the browser offers no adapter. */
export async function createWebGpuEngine(
  gpu: GPU,
  options: WebGpuOptions = {},
): Promise<{ readonly engine: WebGpuEngine; readonly hardware: boolean } | null> {
  let context: GpuContext | null;
  try {
    context = await requestContext(gpu, options.tuning, options.most);
  } catch (thrown) {
    if (thrown instanceof EdgescopeError) throw thrown;
    throw new EdgescopeError('engine', 'This browser’s WebGPU could not be started.', String(thrown));
  }
  if (!context) return null;
  const engine = new WebGpuEngine(context, options.nudge ?? isFirefox());
  return { engine, hardware: engine.hardware };
}
