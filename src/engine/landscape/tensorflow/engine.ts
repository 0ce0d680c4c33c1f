/**
 * The TensorFlow.js engine: the landscape contract in TensorFlow.js ops on any of its backends, in 32 bits. It is the
 * slowest of the three and there for two things: it is written in the common vocabulary of the field, independent of the
 * kernels, so that it can check them and serve as a baseline; and its networks are lists of layers (layers.ts), to which
 * normalisation can be added where the fused kernels know dense layers alone. Loaded only when it is asked for.
 */
import type { Precision } from '../../../experiment/experiment';
import { EdgescopeError } from '../../../experiment/fault';
import type { Device, Engine } from '../landscape';
import { WEBGPU_S, within } from '../patience';
import { requestContext, type GpuContext } from '../webgpu/device';
import { ACTIVATIONS, type ActivationTable } from './activations';
import { fetchBackend, openBackend } from './backend';
import { TensorFlowLandscape } from './landscape';

export interface TensorFlowOptions {
  /** 'cpu', 'webgpu', or any other that the caller has registered with TensorFlow.js. */
  readonly backend: string;
  /** For 'webgpu': a device of ours to compute on, which the engine takes over. */
  readonly context?: GpuContext;
  readonly precision?: Precision;
  /** Which activations are accepted. */
  readonly activations?: ActivationTable;
}

/** Rejects with an `engine` fault where the backend cannot be had, is not the one in use, or 64 bits are asked for. */
export async function createTensorFlowEngine(options: TensorFlowOptions): Promise<Engine> {
  const { backend: name, context = null, precision = 'f32', activations = ACTIVATIONS } = options;
  if (precision !== 'f32') {
    throw new EdgescopeError('engine', 'TensorFlow.js computes in 32 bits: precision=f64 needs engine=wasm.');
  }
  const backend = await openBackend(name, context);
  const device: Device = {
    engine: 'tensorflow',
    name: `TensorFlow.js on ${backend.place}`,
    precision,
    deterministic: false,
  };
  return {
    device,
    lost: backend.lost,
    async landscape(problem) {
      return new TensorFlowLandscape(backend, device, problem, activations);
    },
    dispose: () => backend.release(),
  };
}

/**
 * The engine on the GPU where that is hardware, else on the CPU: a software adapter is slower than either. The first promise
 * settles when the backend's code is there, and rejects where it does not come; what it resolves with makes the engine.
 */
export async function fetchBestTensorFlowEngine(gpu: GPU | undefined): Promise<() => Promise<Engine>> {
  // An adapter that refuses its device, or never answers, is no hardware to compute on.
  const asked = gpu && within(WEBGPU_S, 'WebGPU', requestContext(gpu), (late) => late?.dispose());
  const context = asked ? await asked.catch(() => null) : null;
  if (context?.adapter.hardware) {
    await fetchBackend('webgpu').catch((thrown: unknown) => {
      context.dispose();
      throw thrown;
    });
    return () => createTensorFlowEngine({ backend: 'webgpu', context });
  }
  context?.dispose();
  await fetchBackend('cpu');
  return () => createTensorFlowEngine({ backend: 'cpu' });
}
