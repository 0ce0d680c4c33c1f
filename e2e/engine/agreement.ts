/** How far WebGPU is from the f64 kernels on random cases, for agreement.spec.ts. */
import kernelsUrl from '../../build/kernels.wasm?url';
import type { SweepCase } from '../../src/engine/landscape/sweep-cases.testing';
import { byEngine, errorsOf, type Errors } from '../../src/engine/landscape/sweep.testing';
import { createWasmEngine } from '../../src/engine/landscape/wasm/engine';
import { createWebGpuEngine } from '../../src/engine/landscape/webgpu/engine';

declare global {
  interface Window {
    errorsOnGpu(given: SweepCase): Promise<Errors>;
  }
}

async function makeMethods() {
  const made = await createWebGpuEngine(navigator.gpu);
  if (!made) throw new Error('This browser has no WebGPU adapter.');
  const double = await createWasmEngine(await (await fetch(kernelsUrl)).arrayBuffer(), 'f64');
  return [byEngine(made.engine), byEngine(double)] as const;
}

const methods = makeMethods();

window.errorsOnGpu = async (given) => errorsOf(...(await methods), given);
