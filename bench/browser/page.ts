/** The benchmark's end in the browser, told what to do by bench/browser.ts. */
import kernelsUrl from '../../build/kernels.wasm?url';
import type { Workload } from '../../src/benchmark/entrant';
import { SIZES, type ProblemId, type Work } from '../../src/benchmark/report/subject';
import { startInBrowser, type BrowserEntrantId, type Started } from '../../src/benchmark/start';
import { deterministicMath, type DeterministicMath } from '../../src/engine/deterministic';
import { compileKernels } from '../../src/engine/landscape/wasm/engine';

export interface Bench {
  start(id: BrowserEntrantId): Promise<Pick<Started, 'device' | 'startUpMs' | 'hardware'>>;
  prepare(id: BrowserEntrantId, problem: ProblemId): Promise<{ works: readonly Work[]; product: number[] }>;
  time(id: BrowserEntrantId, work: Work, count: number): Promise<{ ms: number; note: string | null }>;
  release(id: BrowserEntrantId): void;
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
const started = new Map<BrowserEntrantId, Started>();
const workloads = new Map<BrowserEntrantId, Workload>();
let math: DeterministicMath | null = null;

function found<T>(map: ReadonlyMap<BrowserEntrantId, T>, id: BrowserEntrantId): T {
  const value = map.get(id);
  if (value === undefined) throw new Error(`${id} is not ready`);
  return value;
}

window.bench = {
  async start(id) {
    math ??= deterministicMath(await compileKernels(await (await fetch(kernelsUrl)).arrayBuffer()));
    const one = await startInBrowser(id, math);
    started.set(id, one);
    const { device, startUpMs, hardware } = one;
    return { device, startUpMs, hardware };
  },
  async prepare(id, problem) {
    const workload = await found(started, id).entrant.prepare(SIZES[problem]);
    workloads.set(id, workload);
    return { works: workload.works, product: Array.from(await workload.product()) };
  },
  async time(id, work, count) {
    const workload = found(workloads, id);
    return { ms: await workload.time(work, count), note: workload.note(work) };
  },
  release(id) {
    workloads.get(id)?.dispose();
    workloads.delete(id);
  },
  gpuPeak,
};
