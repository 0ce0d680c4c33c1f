/**
 * `edgescope record` in a browser: the recorder of the command line on either engine, for `record.spec.ts` to compare
 * with Node to the bit and with PyTorch to its tolerance.
 */
import kernelsUrl from '../../build/kernels.wasm?url';
import { loadCsv } from '../../src/engine/data/csv';
import { generate } from '../../src/engine/data/generators';
import { deterministicMath } from '../../src/engine/deterministic';
import { encodeNpz } from '../../src/engine/export/npy';
import { record, type RecordingPlan } from '../../src/engine/export/recorder';
import type { Engine } from '../../src/engine/landscape/landscape';
import { compileKernels, createWasmEngine } from '../../src/engine/landscape/wasm/engine';
import { createWebGpuEngine } from '../../src/engine/landscape/webgpu/engine';
import { decodeLink } from '../../src/experiment/link';

export interface Recorded {
  readonly json: string;
  /** run.npz, base64. */
  readonly npz: string;
}

async function engineOf(id: 'wasm' | 'webgpu', kernels: WebAssembly.Module): Promise<Engine> {
  if (id === 'wasm') return createWasmEngine(kernels, 'f32');
  const made = await createWebGpuEngine(navigator.gpu);
  if (!made) throw new Error('This browser has no WebGPU adapter.');
  return made.engine;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

async function recordHere(
  link: string,
  id: 'wasm' | 'webgpu',
  plan: Omit<RecordingPlan, 'measure' | 'arrays'>,
  csv: string | null,
): Promise<Recorded> {
  const kernels = await compileKernels(await (await fetch(kernelsUrl)).arrayBuffer());
  const math = deterministicMath(kernels);
  const { experiment } = decodeLink(link);
  const engine = await engineOf(id, kernels);
  const file = csv === null ? null : { name: 'data.csv', bytes: new TextEncoder().encode(csv).buffer };
  const dataset = file ? loadCsv(file, experiment, experiment.loss).dataset : generate(experiment, math);
  const recording = await record({ experiment, dataset, engine, math }, { ...plan, measure: null, arrays: true });
  engine.dispose();
  return { json: JSON.stringify(recording.record), npz: base64(encodeNpz(recording.arrays)) };
}

declare global {
  interface Window {
    recordHere: typeof recordHere;
  }
}

window.recordHere = recordHere;
