/** The engine's modules on `window`, for the specs beside this file to call in a real browser with a real WebGPU. */
import { memory } from '@tensorflow/tfjs-core';
import { fixtureA, fixtureB, fixtureC, mulberry32, toOutIn } from '../../src/engine/landscape/fixtures.testing';
import type { Problem } from '../../src/engine/landscape/landscape';
import { reference } from '../../src/engine/landscape/reference.testing';
import { selfTest } from '../../src/engine/landscape/selftest';
import { deviations } from '../../src/engine/landscape/tensorflow/agreement.testing';
import { createTensorFlowEngine, fetchBestTensorFlowEngine } from '../../src/engine/landscape/tensorflow/engine';
import { requestContext } from '../../src/engine/landscape/webgpu/device';
import { createWebGpuEngine, type WebGpuOptions } from '../../src/engine/landscape/webgpu/engine';
import { shareWithTensorFlow } from '../../src/engine/landscape/webgpu/tensorflow';
import { parameterCount } from '../../src/engine/network/layout';
import { Lanczos } from '../../src/engine/spectrum/lanczos';
import { watchBuffers } from './buffers';

async function webGpu(options?: WebGpuOptions) {
  const made = await createWebGpuEngine(navigator.gpu, options);
  if (!made) throw new Error('this browser has no WebGPU adapter');
  return made;
}

/** The problem that consists of the examples listed. */
function pick(problem: Problem, examples: ArrayLike<number>): Problem {
  const { sizes } = problem.network;
  const rows = (values: Float64Array, width: number): Float64Array =>
    Float64Array.from({ length: examples.length * width }, (_, i) => {
      return values[examples[Math.floor(i / width)] * width + (i % width)];
    });
  const [inputs, targets] = [rows(problem.inputs, sizes[0]), rows(problem.targets, sizes[sizes.length - 1])];
  return { ...problem, examples: examples.length, inputs, targets };
}

/** The TensorFlow.js engine on its WebGPU backend, on a device of ours. */
async function tensorFlowOnGpu() {
  const context = await requestContext(navigator.gpu);
  if (!context) throw new Error('this browser has no WebGPU adapter');
  return { context, engine: await createTensorFlowEngine({ backend: 'webgpu', context }) };
}

const modules = {
  webGpu,
  tensorFlowOnGpu,
  createTensorFlowEngine,
  fetchBestTensorFlowEngine,
  deviations,
  tensorFlowMemory: memory,
  fixtureA,
  fixtureB,
  fixtureC,
  mulberry32,
  toOutIn,
  reference,
  pick,
  selfTest,
  shareWithTensorFlow,
  parameterCount,
  Lanczos,
  watchBuffers,
};

declare global {
  interface Window {
    edgescope: typeof modules;
  }
}

window.edgescope = modules;
