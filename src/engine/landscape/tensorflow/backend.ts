/**
 * The TensorFlow.js backend under an engine. TensorFlow.js has one current backend for the whole program, and an op on
 * tensors of another one drags them over without a word; so all engines that live at the same time share one backend,
 * another is refused, and each operation makes sure that nobody has switched it since.
 */
import {
  backend,
  enableProdMode,
  env,
  findBackendFactory,
  removeBackend,
  setBackend,
  type KernelBackend,
} from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { EdgescopeError } from '../../../experiment/fault';
import type { GpuContext } from '../webgpu/device';
import { registerGradients } from './gradients';

export interface Backend {
  /** What computes, and by which backend: "the CPU (backend cpu)", "NVIDIA … (WebGPU)". */
  readonly place: string;
  /** Settles when the device is lost (never, without one of ours). */
  readonly lost: Promise<string>;
  /** Throws an `engine` fault where TensorFlow.js computes on something else by now. */
  check(): void;
  /** The work, or a rejection as soon as the device is lost or has reported an error. */
  guard<T>(work: Promise<T>): Promise<T>;
  /** Hands what is enqueued to the device. */
  submit(): void;
  /** The last engine to release a device of ours gives it up. */
  release(): void;
}

interface Claim {
  readonly name: string;
  readonly context: GpuContext | null;
  readonly ready: Promise<KernelBackend>;
  users: number;
}

let claim: Claim | null = null;

/** Fetches the code of a backend that the app brings: 'cpu' or 'webgpu'. Nothing is started. Rejects where it does not come. */
export async function fetchBackend(name: 'cpu' | 'webgpu'): Promise<void> {
  if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else await Promise.all([import('../webgpu/tensorflow'), import('@tensorflow/tfjs-backend-webgpu')]);
}

async function start(name: string, context: GpuContext | null): Promise<KernelBackend> {
  // Otherwise the cpu backend advertises another package on the console.
  enableProdMode();
  registerGradients();
  try {
    if (context) {
      const { adoptDevice } = await import('../webgpu/tensorflow');
      await adoptDevice(context.gpu, context.adapter.info);
      // By default ops on small tensors that are still on the host run there, and the self-test would prove the wrong device.
      env().set('WEBGPU_CPU_FORWARD', false);
      return backend();
    }
    if (name === 'cpu') await fetchBackend(name);
    if (await setBackend(name)) return backend();
  } catch (thrown) {
    throw new EdgescopeError('engine', `TensorFlow.js has no backend “${name}” here.`, String(thrown));
  }
  throw new EdgescopeError('engine', `TensorFlow.js could not start its backend “${name}”.`);
}

function release(mine: Claim): void {
  mine.users--;
  if (mine.users > 0) return;
  claim = null;
  if (!mine.context) return;
  // What did not start may not be registered.
  if (findBackendFactory(mine.name)) removeBackend(mine.name);
  mine.context.dispose();
}

/**
 * Makes the backend the current one: 'cpu', 'webgpu' on the device of a context (which is taken over), or any that is
 * registered. Rejects with an `engine` fault where it cannot be had, or where engines on another one are alive.
 */
export async function openBackend(name: string, context: GpuContext | null): Promise<Backend> {
  if (claim && (claim.name !== name || claim.context !== context)) {
    if (context !== claim.context) context?.dispose();
    throw new EdgescopeError(
      'engine',
      `TensorFlow.js computes on one backend at a time, and an engine on “${claim.name}” is alive: ` +
        `dispose of it before one on “${name}” is made.`,
    );
  }
  claim ??= { name, context, ready: start(name, context), users: 0 };
  const mine = claim;
  mine.users++;
  let current: KernelBackend;
  try {
    current = await mine.ready;
  } catch (thrown) {
    release(mine);
    throw thrown;
  }
  let held = true;
  return {
    place: context ? context.adapter.name : name === 'cpu' ? 'the CPU (backend cpu)' : `its backend ${name}`,
    lost: context ? context.lost : new Promise<string>(() => {}),
    check() {
      if (held && backend() === current) return;
      throw new EdgescopeError(
        'engine',
        'TensorFlow.js no longer computes on the backend that this engine was made on.',
      );
    },
    guard: (work) => (context ? context.guard(work) : work),
    submit() {
      if (!context) return;
      const gpu = current as WebGPUBackend;
      gpu.ensureCommandEncoderReady();
      gpu.endComputePassEncoder();
      gpu.submitQueue();
    },
    release() {
      if (held) release(mine);
      held = false;
    },
  };
}
