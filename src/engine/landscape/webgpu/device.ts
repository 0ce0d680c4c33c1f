/**
 * The GPU device: asked for with limits of our own, watched for loss and for errors that no one caught. A lost device
 * turns every later call into a silent no-op, and a validation error leaves stale numbers behind, so both are kept
 * here and end every read (WebGPU specification, §22; DESIGN §3.2).
 */
import { EdgescopeError } from '../../../experiment/fault';
import type { Tuning } from './shape';
import { Waiting } from './waiting';

/** Raised to what the adapter offers, so that a Lanczos basis of a large network fits one binding; never required. */
const RAISED = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;
/** Of one buffer, and of the buffers of one basis together. */
export const MOST_BYTES = 1 << 30;
/** How long after its first symptoms a loss may be announced. */
const LOSS_DELAY_MS = 200;

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i;

export interface Adapter {
  readonly name: string;
  readonly hardware: boolean;
  readonly info: GPUAdapterInfo;
}

/** The adapter's name, and whether it is hardware. */
export function describeAdapter(info: GPUAdapterInfo): Adapter {
  const parts = [info.vendor, info.architecture, info.device, info.description];
  const words =
    info.description || [info.vendor, info.architecture, info.device].filter((part) => part !== '').join(' ');
  const software = info.isFallbackAdapter || parts.some((part) => SOFTWARE.test(part));
  const name = words === '' ? 'unnamed GPU' : words;
  return { name: `${name} (WebGPU${software ? ', software' : ''})`, hardware: !software, info };
}

/** Limits on what is asked of the device at once; left out, the device's own. */
export interface Most {
  /** Bytes of a buffer. */
  readonly bytes?: number;
  /** Floating-point operations of a dispatch. */
  readonly flops?: number;
}

export class GpuContext {
  readonly gpu: GPUDevice;
  readonly adapter: Adapter;
  readonly tuning: Tuning;
  readonly most: Most;
  /** Bytes of a buffer at most. */
  readonly mostBytes: number;
  /** Settles with the reason when the device is lost, unless we gave it up ourselves. */
  readonly lost: Promise<string>;
  readonly #waiting = new Waiting();
  #givenUp = false;

  constructor(gpu: GPUDevice, info: GPUAdapterInfo, tuning: Tuning | null, most: Most) {
    this.gpu = gpu;
    this.most = most;
    const { maxBufferSize, maxStorageBufferBindingSize } = gpu.limits;
    this.mostBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize, most.bytes ?? Infinity);
    this.adapter = describeAdapter(info);
    this.tuning = tuning ?? (this.adapter.hardware ? 'hardware' : 'software');
    gpu.addEventListener('uncapturederror', (event) => this.#waiting.fail(faultOf(event.error)));
    this.lost = new Promise((resolve) => {
      void gpu.lost.then(({ message, reason }) => {
        const words = message === '' ? reason : message;
        this.#waiting.fail(new EdgescopeError('device-lost', 'The GPU was lost.', words));
        if (!this.#givenUp) resolve(words);
      });
    });
  }

  /** Why nothing that is read can be trusted any more. */
  get fault(): EdgescopeError | null {
    return this.#waiting.fault;
  }

  /** The promise, or a rejection as soon as the device is lost or has reported an error. */
  guard<T>(work: Promise<T>): Promise<T> {
    // What a loss cuts short may reject before the loss itself is told, whose reason is the better one.
    const late = work.catch(async (thrown: unknown) => {
      await new Promise((resolve) => setTimeout(resolve, LOSS_DELAY_MS));
      throw engineFault(thrown);
    });
    return this.#waiting.guard(late);
  }

  /** Runs the set-up of a problem, which must not wait for anything; validation and memory errors in it reject. */
  async scoped<T>(setUp: () => T): Promise<T> {
    this.#pushScopes();
    let attempt: { readonly result: T } | { readonly thrown: unknown };
    try {
      attempt = { result: setUp() };
    } catch (thrown) {
      attempt = { thrown };
    }
    const { validation, memory } = await this.guard(this.#popScopes());
    if (memory) throw memoryFault(memory.message);
    if ('thrown' in attempt) throw engineFault(attempt.thrown);
    if (validation)
      throw new EdgescopeError('engine', 'The GPU refused the set-up of this network.', validation.message);
    return attempt.result;
  }

  /** Makes something for what is set up already; what the GPU refuses of it is told later, to `report` alone. */
  watched<T>(make: () => T, report: (error: GPUError) => void): T {
    this.#pushScopes();
    try {
      return make();
    } finally {
      this.#popScopes().then(
        ({ validation, memory }) => {
          const error = memory ?? validation;
          if (error) report(error);
        },
        () => undefined, // rejects on a lost device only, which `lost` tells
      );
    }
  }

  #pushScopes(): void {
    this.gpu.pushErrorScope('out-of-memory');
    this.gpu.pushErrorScope('validation');
  }

  async #popScopes(): Promise<{ readonly validation: GPUError | null; readonly memory: GPUError | null }> {
    const scopes = [this.gpu.popErrorScope(), this.gpu.popErrorScope()] as const;
    const [validation, memory] = await Promise.all(scopes);
    return { validation, memory };
  }

  tooLarge(detail: string): EdgescopeError {
    return new EdgescopeError(
      'too-large',
      'This network and data need more than this GPU offers in one piece.',
      detail,
    );
  }

  /** A buffer of zeros. Throws a `too-large` fault beyond the device's limits. */
  buffer(label: string, bytes: number, extra = 0): GPUBuffer {
    if (bytes > this.mostBytes) throw this.tooLarge(`${label}: ${bytes} bytes`);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST | extra;
    return this.gpu.createBuffer({ label, size: Math.max(bytes, 16), usage });
  }

  /** Gives the device up on purpose: `lost` stays silent. */
  dispose(): void {
    this.#givenUp = true;
    this.#waiting.fail(new EdgescopeError('engine', 'The WebGPU engine has been disposed of.'));
    this.gpu.destroy();
  }
}

/** What an error that the GPU reports means to the reader. */
export function faultOf(error: GPUError): EdgescopeError {
  const memory = typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError;
  return memory
    ? memoryFault(error.message)
    : new EdgescopeError('engine', 'The GPU refused a command of the WebGPU engine.', error.message);
}

function memoryFault(detail: string): EdgescopeError {
  return new EdgescopeError('too-large', 'The GPU has not enough memory for this network and data.', detail);
}

function engineFault(thrown: unknown): EdgescopeError {
  if (thrown instanceof EdgescopeError) return thrown;
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  return new EdgescopeError('engine', 'The GPU could not run this network.', words);
}

/** A device of our own; null where there is no adapter. Rejects with an `engine` fault where the adapter refuses. */
export async function requestContext(
  gpu: GPU,
  tuning: Tuning | null = null,
  most: Most = {},
): Promise<GpuContext | null> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  const requiredLimits: Record<string, number> = {};
  for (const limit of RAISED) requiredLimits[limit] = Math.min(adapter.limits[limit], MOST_BYTES);
  try {
    const device = await adapter.requestDevice({ label: 'Edgescope', requiredLimits });
    return new GpuContext(device, adapter.info, tuning, most);
  } catch (thrown) {
    throw engineFault(thrown);
  }
}
