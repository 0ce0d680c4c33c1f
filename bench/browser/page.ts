/** The world of one entrant in Chromium: a page that answers the questions of src/benchmark/host.ts to bench/browser.ts. */
import kernelsUrl from '../../build/kernels.wasm?url';
import { hostOf, type Host } from '../../src/benchmark/host';
import { compileKernels } from '../../src/engine/landscape/wasm/engine';

export interface Bench extends Host {
  /**
   * The most bytes of GPU buffers since the last call, beyond those that were there then: libraries keep some for good.
   */
  gpuPeak(): number;
}

declare global {
  interface Window {
    bench: Bench;
  }
}

/** Counts the GPU's buffers from here on: WebGPU itself does not tell. */
function countBuffers(): () => number {
  let live = 0;
  let peak = 0;
  if (typeof GPUDevice === 'undefined') return () => 0;
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    live += buffer.size;
    peak = Math.max(peak, live);
    const destroy = buffer.destroy.bind(buffer);
    let there = true;
    buffer.destroy = () => {
      if (there) live -= buffer.size;
      there = false;
      return destroy();
    };
    return buffer;
  };
  let base = 0;
  return () => {
    const most = peak - base;
    base = live;
    peak = live;
    return most;
  };
}

const gpuPeak = countBuffers();
const kernels = async () => compileKernels(await (await fetch(kernelsUrl)).arrayBuffer());
window.bench = { ...hostOf(kernels), gpuPeak };
