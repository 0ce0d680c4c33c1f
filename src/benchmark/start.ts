/**
 * Starting who takes part. An engine's start-up is what a visitor waits for: making it, and its self-test. The libraries
 * that the app does without are loaded here and nowhere before.
 */
import type { DeterministicMath } from '../engine/deterministic';
import type { Engine } from '../engine/landscape/landscape';
import { selfTest } from '../engine/landscape/selftest';
import { engineEntrant } from './engine';
import type { Entrant } from './entrant';

export interface Started {
  readonly entrant: Entrant;
  /** What it runs on, in words. */
  readonly device: string;
  /** Milliseconds until it was ready for use; null where that is not ours to judge. */
  readonly startUpMs: number | null;
  /** False where it runs on a GPU that is a CPU in disguise. */
  readonly hardware: boolean;
}

/** Makes and tests an engine; rejects where it cannot be had or computes wrongly. */
export async function startEngine(
  make: () => Promise<{ readonly engine: Engine; readonly hardware: boolean } | null>,
  math: DeterministicMath,
): Promise<Started> {
  const begun = performance.now();
  const made = await make();
  if (!made) throw new Error('no WebGPU adapter here');
  const { engine, hardware } = made;
  await selfTest(engine);
  const startUpMs = performance.now() - begun;
  return { entrant: engineEntrant(engine, math), device: engine.device.name, startUpMs, hardware };
}

/** Who can be started in a browser, besides the WASM engine, whose kernels its host has loaded. */
export type BrowserEntrantId = 'webgpu' | 'tensorflow' | 'tfjs-webgpu' | 'jax-js';
/** The engine before the peer: TensorFlow.js has one WebGPU backend, and both then compute on the engine's device. */
export const BROWSER_ENTRANTS: readonly BrowserEntrantId[] = ['webgpu', 'tensorflow', 'tfjs-webgpu', 'jax-js'];

async function tensorFlowEngine(gpu: GPU | undefined): Promise<{ engine: Engine; hardware: boolean }> {
  const { createTensorFlowEngine } = await import('../engine/landscape/tensorflow/engine');
  const { requestContext } = await import('../engine/landscape/webgpu/device');
  const context = gpu ? await requestContext(gpu) : null;
  const options = context ? { backend: 'webgpu', context } : { backend: 'cpu' };
  return { engine: await createTensorFlowEngine(options), hardware: context?.adapter.hardware ?? false };
}

export async function startInBrowser(id: BrowserEntrantId, math: DeterministicMath): Promise<Started> {
  // Typed as always there, which it is not.
  const gpu: GPU | undefined = navigator.gpu;
  switch (id) {
    case 'webgpu': {
      const { createWebGpuEngine } = await import('../engine/landscape/webgpu/engine');
      return startEngine(async () => (gpu ? createWebGpuEngine(gpu) : null), math);
    }
    case 'tensorflow':
      return startEngine(() => tensorFlowEngine(gpu), math);
    case 'tfjs-webgpu': {
      const { tensorFlowEntrant } = await import('./peers/tensorflow');
      return { ...(await tensorFlowEntrant()), startUpMs: null, hardware: true };
    }
    case 'jax-js': {
      const { jaxEntrant } = await import('./peers/jax');
      return { ...(await jaxEntrant()), startUpMs: null, hardware: true };
    }
  }
}
