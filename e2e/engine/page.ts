/** The engine's modules on `window`, for `engine.spec.ts` to call in a real browser with a real WebGPU. */
import { fixtureA, fixtureC } from '../../src/engine/landscape/fixtures';
import { reference } from '../../src/engine/landscape/reference';
import { selfTest } from '../../src/engine/landscape/selftest';
import { createWebGpuEngine } from '../../src/engine/landscape/webgpu/engine';
import { shareWithTensorFlow } from '../../src/engine/landscape/webgpu/tensorflow';
import { parameterCount } from '../../src/engine/network/layout';
import { Lanczos } from '../../src/engine/spectrum/lanczos';

const modules = {
  createWebGpuEngine,
  fixtureA,
  fixtureC,
  Lanczos,
  parameterCount,
  reference,
  selfTest,
  shareWithTensorFlow,
};

declare global {
  interface Window {
    edgescope: typeof modules;
  }
}

window.edgescope = modules;
