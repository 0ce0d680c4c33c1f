/** The benchmark's end in the browser: the WebGPU engine and TensorFlow.js, told what to do by bench/run.ts. */
import { createWebGpuEngine } from '../../src/engine/landscape/webgpu/engine';
import { startTensorFlow, tensorFlowWorkload } from '../peers/tensorflow';
import { instanceOf, type Size, type Work } from '../problems';
import { workloadOn, type Workload } from '../workload';

export type Name = 'webgpu' | 'tfjs-webgpu';

export interface Bench {
  /** The adapter's name. */
  readonly adapter: string;
  /** Makes both workloads; resolves with ‖difference‖ / ‖Hv‖ of their products: both must do the same work. */
  prepare(size: Size): Promise<number>;
  /** Milliseconds. */
  batch(name: Name, work: Work, count: number): Promise<number>;
}

declare global {
  interface Window {
    bench: Promise<Bench>;
  }
}

async function start(): Promise<Bench> {
  const made = await createWebGpuEngine(navigator.gpu);
  if (!made) throw new Error('This browser offers no WebGPU adapter.');
  const { engine } = made;
  await startTensorFlow();
  let workloads: Record<Name, Workload> | null = null;
  return {
    adapter: engine.device.name,
    async prepare(size) {
      for (const workload of Object.values(workloads ?? {})) workload.dispose();
      const instance = instanceOf(size);
      workloads = { webgpu: await workloadOn(engine, instance), 'tfjs-webgpu': tensorFlowWorkload(instance) };
      const [ours, theirs] = [await workloads.webgpu.product(), await workloads['tfjs-webgpu'].product()];
      const difference = ours.reduce((sum, value, i) => sum + (value - theirs[i]) ** 2, 0);
      return Math.sqrt(difference / theirs.reduce((sum, value) => sum + value ** 2, 0));
    },
    async batch(name, work, count) {
      if (!workloads) throw new Error('prepare first');
      const begun = performance.now();
      await workloads[name].run(work, count);
      return performance.now() - begun;
    },
  };
}

window.bench = start();
