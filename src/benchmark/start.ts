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
export type BrowserEntrantId = 'webgpu' | 'tfjs-webgpu' | 'jax-js';
export const BROWSER_ENTRANTS: readonly BrowserEntrantId[] = ['webgpu', 'tfjs-webgpu', 'jax-js'];

export async function startInBrowser(id: BrowserEntrantId, math: DeterministicMath): Promise<Started> {
  switch (id) {
    case 'webgpu': {
      // Of interest to those who have it; typed as always there.
      const gpu: GPU | undefined = navigator.gpu;
      const { createWebGpuEngine } = await import('../engine/landscape/webgpu/engine');
      return startEngine(async () => (gpu ? createWebGpuEngine(gpu) : null), math);
    }
    case 'tfjs-webgpu': {
      const { tensorFlowEntrant } = await import('./peers/tensorflow');
      return { entrant: await tensorFlowEntrant(), device: 'TensorFlow.js 4.22', startUpMs: null, hardware: true };
    }
    case 'jax-js': {
      const { jaxEntrant } = await import('./peers/jax');
      return { entrant: await jaxEntrant(), device: 'jax-js 0.1', startUpMs: null, hardware: true };
    }
  }
}
