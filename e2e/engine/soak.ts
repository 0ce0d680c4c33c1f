/** A long run on WebGPU and what it makes on the device, for soak.spec.ts and bench/soak.ts. */
import kernelsUrl from '../../build/kernels.wasm?url';
import { compileKernels } from '../../src/engine/landscape/wasm/engine';
import { createWebGpuEngine } from '../../src/engine/landscape/webgpu/engine';
import { runOf } from '../../src/engine/linked.testing';
import { snapshotBytes, soak } from '../../src/engine/soak.testing';
import { watchBuffers } from './buffers';

/** Whatever costs to make and is to be made once. */
const MAKERS = [
  'createBuffer',
  'createTexture',
  'createBindGroup',
  'createBindGroupLayout',
  'createPipelineLayout',
  'createShaderModule',
  'createComputePipeline',
  'createComputePipelineAsync',
] as const;

export interface Census {
  /** Bytes of living buffers, staging aside, and how many there are. */
  readonly gpuBytes: number;
  readonly buffers: number;
  readonly staging: number;
  /** Calls of MAKERS since the beginning. */
  readonly made: number;
}

export interface LongRun {
  readonly device: string;
  /** On to this step. */
  go(step: number): Promise<void>;
  census(): Census;
  /** Bytes of the snapshots kept between two steps. */
  snapshotBytes(from: number, to: number): number;
}

declare global {
  interface Window {
    longRun: LongRun;
    begin(link: string): Promise<void>;
  }
}

window.begin = async (link) => {
  const kernels = await compileKernels(await (await fetch(kernelsUrl)).arrayBuffer());
  const created = await createWebGpuEngine(navigator.gpu);
  if (!created) throw new Error('This browser has no WebGPU adapter.');
  const { engine } = created;
  const device = engine.gpuDevice;
  const buffers = watchBuffers(device);
  let made = 0;
  for (const name of MAKERS) {
    const make = device[name].bind(device) as (...args: unknown[]) => unknown;
    Object.assign(device, {
      [name]: (...args: unknown[]) => {
        made++;
        return make(...args);
      },
    });
  }
  const run = await runOf(link, engine, kernels);
  window.longRun = {
    device: engine.device.name,
    go: (step) => soak(run, step),
    census: () => ({
      gpuBytes: buffers.bytes(),
      buffers: buffers.count(),
      staging: buffers.staging(),
      made,
    }),
    snapshotBytes: (from, to) => snapshotBytes(run, from, to),
  };
};
