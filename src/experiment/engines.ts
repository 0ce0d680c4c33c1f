/** The engines' names for people. */
import type { EngineId } from './experiment';

export const ENGINE_NAMES: Readonly<Record<EngineId, string>> = {
  wasm: 'WebAssembly',
  webgpu: 'WebGPU',
  tensorflow: 'TensorFlow.js',
};
