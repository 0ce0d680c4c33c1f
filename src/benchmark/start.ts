/**
 * Starting who takes part. An engine's start-up is what a visitor waits for: making it, and its self-test. The libraries
 * that the app does without are loaded here and nowhere before.
 */
import { deterministicMath, type DeterministicMath } from '../engine/deterministic';
import type { Engine } from '../engine/landscape/landscape';
import { proven } from '../engine/landscape/selftest';
import { createWasmEngine } from '../engine/landscape/wasm/engine';
import { engineEntrant } from './engine';
import type { Entrant } from './entrant';
import type { BrowserEntrantId } from './report/subject';

export interface Started {
  readonly entrant: Entrant;
  /** What it runs on, in words. */
  readonly device: string;
  /** Milliseconds until it was ready for use; null where that is not ours to judge. */
  readonly startUpMs: number | null;
  /** False where its GPU is a CPU in disguise; null where it has none, or nobody can tell. */
  readonly hardware: boolean | null;
}

interface Made {
  readonly engine: Engine;
  readonly hardware: boolean | null;
}

/** Makes and tests an engine; rejects where it cannot be had or computes wrongly. */
async function startEngine(make: () => Promise<Made | null>, math: DeterministicMath): Promise<Started> {
  const begun = performance.now();
  const made = await make();
  if (!made) throw new Error('no WebGPU adapter here');
  const engine = await proven(made.engine);
  const startUpMs = performance.now() - begun;
  return { entrant: engineEntrant(engine, math), device: engine.device.name, startUpMs, hardware: made.hardware };
}

export function startWasm(kernels: WebAssembly.Module): Promise<Started> {
  const make = async (): Promise<Made> => ({ engine: await createWasmEngine(kernels, 'f32'), hardware: null });
  return startEngine(make, deterministicMath(kernels));
}

async function tensorFlowEngine(gpu: GPU | undefined): Promise<Made> {
  const { createTensorFlowEngine } = await import('../engine/landscape/tensorflow/engine');
  const { requestContext } = await import('../engine/landscape/webgpu/device');
  const context = gpu ? await requestContext(gpu) : null;
  const options = context ? { backend: 'webgpu', context } : { backend: 'cpu' };
  return { engine: await createTensorFlowEngine(options), hardware: context?.adapter.hardware ?? null };
}

export async function startInBrowser(id: BrowserEntrantId, kernels: WebAssembly.Module): Promise<Started> {
  const math = deterministicMath(kernels);
  // Typed as always there, which it is not.
  const gpu: GPU | undefined = navigator.gpu;
  switch (id) {
    case 'wasm':
      return startWasm(kernels);
    case 'webgpu': {
      const { createWebGpuEngine } = await import('../engine/landscape/webgpu/engine');
      return startEngine(async () => (gpu ? createWebGpuEngine(gpu) : null), math);
    }
    case 'tensorflow':
      return startEngine(() => tensorFlowEngine(gpu), math);
    case 'tfjs-webgpu': {
      const { tensorFlowEntrant } = await import('./peers/tensorflow');
      return { ...(await tensorFlowEntrant()), startUpMs: null };
    }
    case 'jax-js': {
      const { jaxEntrant } = await import('./peers/jax');
      return { ...(await jaxEntrant()), startUpMs: null };
    }
  }
}
