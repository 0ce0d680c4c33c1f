/**
 * TensorFlow.js on a device of ours: its WebGPU backend would ask for one of its own and watch over nothing, so that its
 * registration is replaced. The TensorFlow.js engine trains on a device adopted this way; on the WebGPU engine's device,
 * buffers can be shared without a copy. (tfjs-backend-webgpu 4.22: `WebGPUBackend` takes a device, and `tf.tensor` takes a
 * GPU buffer with `zeroCopy`.)
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Landscape, Vector } from '../landscape';
import type { WebGpuEngine } from './engine';
import { GpuVector } from './operands';

export type TensorFlow = typeof import('@tensorflow/tfjs-core');

export interface SharedTensorFlow {
  readonly tf: TensorFlow;
  /**
   * A tensor of shape [P] over the vector itself: it sees every later value of it, once that is flushed. The vector must
   * have one lane and not be part of a longer basis. Dispose of the tensor before the landscape.
   */
  tensor(landscape: Landscape, vector: Vector): Tensor;
}

const BACKEND = 'webgpu';

/** TensorFlow.js with its 'webgpu' backend on this device, made the current backend. */
export async function adoptDevice(gpu: GPUDevice, info: GPUAdapterInfo): Promise<TensorFlow> {
  const tf = await import('@tensorflow/tfjs-core');
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  // Registered once, when its module is first imported; after a device of ours was given up there is none.
  if (tf.findBackendFactory(BACKEND)) tf.removeBackend(BACKEND);
  tf.registerBackend(BACKEND, () => new WebGPUBackend(gpu, info));
  if (!(await tf.setBackend(BACKEND))) throw new Error('TensorFlow.js could not start on the shared GPU device');
  return tf;
}

/** TensorFlow.js on the engine's device, with vectors to be shared. */
export async function shareWithTensorFlow(engine: WebGpuEngine): Promise<SharedTensorFlow> {
  const tf = await adoptDevice(engine.gpuDevice, engine.adapterInfo);
  return {
    tf,
    tensor(landscape, vector) {
      const owner: object | null = vector instanceof GpuVector ? vector.owner : null;
      if (!(vector instanceof GpuVector) || owner !== landscape) {
        throw new Error('this vector belongs to another landscape');
      }
      if (vector.lanes !== 1 || vector.offset !== 0) throw new Error('only a vector of its own can be shared');
      landscape.flush();
      return tf.tensor({ buffer: vector.buffer, zeroCopy: true }, [landscape.dimension], 'float32');
    },
  };
}
