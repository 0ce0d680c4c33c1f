/** Which engine a run gets from the worker: the one that is there, another, or another try at one that was too slow. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engine/landscape/landscape';
import { createWasmEngine } from '../engine/landscape/wasm/engine';
import { readKernels } from '../engine/landscape/wasm/node';
import type { EngineChoice, EngineId, Experiment } from '../experiment/experiment';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import { Engines } from './engines';

const kernels = await readKernels();

const wanted = vi.hoisted(() => ({
  kernels: vi.fn<() => Promise<WebAssembly.Module>>(),
  gpu: vi.fn<() => Promise<unknown>>(),
  tensorFlow: vi.fn<(gpu: unknown) => Promise<() => Promise<unknown>>>(),
}));
vi.mock('./kernels', () => ({ loadKernels: wanted.kernels }));
vi.mock('../engine/landscape/webgpu/engine', () => ({ createWebGpuEngine: wanted.gpu }));
vi.mock('../engine/landscape/tensorflow/engine', () => ({ fetchBestTensorFlowEngine: wanted.tensorFlow }));

/** What was made and disposed of, in order. */
const log: string[] = [];

interface Dressed extends Engine {
  lose(reason: string): void;
}

/** A sound engine that passes for one on a GPU that can be lost. */
async function dressed(id: EngineId): Promise<Dressed> {
  const real = await createWasmEngine(kernels, 'f32');
  let lose: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (lose = resolve));
  log.push(`${id} made`);
  return {
    ...real,
    device: { ...real.device, engine: id },
    lost,
    lose,
    dispose: () => void log.push(`${id} gone`),
  };
}

const onGpu = async () => ({ hardware: true, engine: await dressed('webgpu') });
const never = <T>(): Promise<T> => new Promise(() => undefined);
const asking = (engine: EngineChoice, precision: Experiment['precision'] = 'f32'): Experiment => ({
  ...DEFAULT_EXPERIMENT,
  engine,
  precision,
});

const onLost = vi.fn<(run: number, reason: string) => void>();
let engines: Engines;

/** What the engine of this run is. */
const engineOf = async (experiment: Experiment, run: number): Promise<EngineId> =>
  (await engines.engineFor(experiment, run)).engine.device.engine;

/** Lets everything happen that waits for nothing but its turn. */
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { gpu: {} });
  wanted.kernels.mockReset().mockResolvedValue(kernels);
  wanted.gpu.mockReset().mockImplementation(onGpu);
  wanted.tensorFlow.mockReset().mockImplementation(async () => () => dressed('tensorflow'));
  onLost.mockReset();
  log.length = 0;
  engines = new Engines(onLost);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('an engine', () => {
  it('is kept while the same is asked for, and given up for another', async () => {
    const first = await engines.engineFor(asking('webgpu'), 1);
    expect(await engines.engineFor(asking('webgpu'), 2)).toBe(first);
    expect(log).toEqual(['webgpu made']);
    expect(await engineOf(asking('wasm'), 3)).toBe('wasm');
    expect(log).toEqual(['webgpu made', 'webgpu gone']);
    const precise = await engines.engineFor(asking('wasm', 'f64'), 4);
    expect(precise.engine.device.precision).toBe('f64');
  });

  it('is shared by runs that ask while it is being made', async () => {
    const choices = [1, 2, 3].map((run) => engines.engineFor(asking('webgpu'), run));
    const [a, b, c] = await Promise.all(choices);
    expect([b, c]).toEqual([a, a]);
    expect(log).toEqual(['webgpu made']);
  });

  it('is dropped by a fault of the run that asked last, and not by one of an earlier run', async () => {
    const first = await engines.engineFor(asking('webgpu'), 1);
    await engines.engineFor(asking('webgpu'), 2);
    engines.drop(1);
    expect(await engines.engineFor(asking('webgpu'), 3)).toBe(first);
    engines.drop(3);
    await settled();
    expect(log).toEqual(['webgpu made', 'webgpu gone']);
    expect(await engines.engineFor(asking('webgpu'), 4)).not.toBe(first);
  });

  it('that takes the place of a dropped one is none of the earlier run’s business', async () => {
    await engines.engineFor(asking('webgpu'), 1);
    const other = await engines.engineFor(asking('wasm'), 2);
    engines.drop(1);
    expect(await engines.engineFor(asking('wasm'), 3)).toBe(other);
  });

  it('is asked for again after none could be had', async () => {
    wanted.kernels.mockRejectedValueOnce(new Error('HTTP 503'));
    await expect(engines.engineFor(asking('wasm'), 1)).rejects.toMatchObject({ code: 'no-engine' });
    expect(await engineOf(asking('wasm'), 2)).toBe('wasm');
  });
});

describe('a GPU that is lost', () => {
  const lose = async (run: number): Promise<void> => {
    const { engine } = await engines.engineFor(asking('webgpu'), run);
    (engine as Dressed).lose('gone');
    await settled();
    engines.drop(run);
  };

  it('is told to the run that uses it, and to nobody once the engine has been given up', async () => {
    const { engine } = await engines.engineFor(asking('webgpu'), 1);
    await engines.engineFor(asking('webgpu'), 2);
    (engine as Dressed).lose('gone');
    await settled();
    expect(onLost.mock.calls).toEqual([[2, 'gone']]);
    engines.drop(2);
    const next = await engines.engineFor(asking('webgpu'), 3);
    await engines.engineFor(asking('wasm'), 4);
    (next.engine as Dressed).lose('gone');
    await settled();
    expect(onLost).toHaveBeenCalledTimes(1);
  });

  it('three times within a minute is passed over, with the reason, and taken again later', async () => {
    for (const run of [1, 2, 3]) await lose(run);
    const { engine, why } = await engines.engineFor(asking('webgpu'), 4);
    expect([engine.device.engine, why]).toEqual(['wasm', 'the GPU was lost 3 times within a minute']);
    await engines.engineFor(asking('tensorflow'), 5);
    expect(wanted.tensorFlow).toHaveBeenLastCalledWith(undefined);
    vi.advanceTimersByTime(60_000);
    expect(await engineOf(asking('webgpu'), 6)).toBe('webgpu');
  });
});

describe('TensorFlow.js', () => {
  it('is made once the engines that were dropped are gone', async () => {
    await engines.engineFor(asking('tensorflow'), 1);
    engines.drop(1);
    expect(await engineOf(asking('tensorflow'), 2)).toBe('tensorflow');
    expect(log).toEqual(['tensorflow made', 'tensorflow gone', 'tensorflow made']);
  });

  it('waits for one that is still being made, and WASM does not', async () => {
    let make: () => void = () => undefined;
    const made = new Promise<void>((resolve) => (make = resolve));
    wanted.gpu.mockImplementation(async () => {
      await made;
      return onGpu();
    });
    void engines.engineFor(asking('webgpu'), 1);
    const tensorFlow = engines.engineFor(asking('tensorflow'), 2);
    await settled();
    expect(wanted.tensorFlow).not.toHaveBeenCalled();
    expect(await engineOf(asking('wasm'), 3)).toBe('wasm');
    make();
    await tensorFlow;
    expect(log.slice(0, 3)).toEqual(['webgpu made', 'webgpu gone', 'tensorflow made']);
  });

  it('may take any time to fetch its backend, and is on the clock from then on', async () => {
    const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    wanted.tensorFlow.mockImplementation(async () => {
      await after(600_000);
      return () => dressed('tensorflow');
    });
    const patient = engineOf(asking('tensorflow'), 1);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(await patient).toBe('tensorflow');
    engines.drop(1);
    wanted.tensorFlow.mockImplementation(async () => never);
    const choice = engines.engineFor(asking('tensorflow'), 2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await choice).why).toBe('TensorFlow.js did not answer within 60 seconds');
  });

  it('says that its code did not come where its backend’s did not, and is asked for again', async () => {
    wanted.tensorFlow.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    const { engine, why } = await engines.engineFor(asking('tensorflow'), 1);
    expect([engine.device.engine, why]).toEqual(['wasm', 'the code for TensorFlow.js could not be fetched']);
    expect(await engineOf(asking('tensorflow'), 2)).toBe('tensorflow');
  });
});

describe('an engine that is too slow', () => {
  /** WebGPU does not answer within its time, and WASM stands in. */
  async function tooSlow(choice: EngineChoice, run: number): Promise<void> {
    const engine = engineOf(asking(choice), run);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await engine).toBe('wasm');
  }

  it('is tried again by every run that asks for it by name', async () => {
    wanted.gpu.mockImplementation(never);
    await tooSlow('webgpu', 1);
    await tooSlow('webgpu', 2);
    wanted.gpu.mockImplementation(onGpu);
    expect(await engineOf(asking('webgpu'), 3)).toBe('webgpu');
    expect(await engineOf(asking('webgpu'), 4)).toBe('webgpu');
    expect(wanted.gpu).toHaveBeenCalledTimes(3);
  });

  it('keeps no run waiting again that asks for none by name, until it has answered after all', async () => {
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    wanted.gpu.mockImplementation(async () => {
      await answered;
      return onGpu();
    });
    await tooSlow('auto', 1);
    expect(await engineOf(asking('auto'), 2)).toBe('wasm');
    expect(wanted.gpu).toHaveBeenCalledTimes(1);
    answer();
    await settled();
    // What came too late is given up, and the next run has one of its own.
    expect(log).toEqual(['webgpu made', 'webgpu gone']);
    expect(await engineOf(asking('auto'), 3)).toBe('webgpu');
  });

  it('may be asked for by name at once', async () => {
    wanted.gpu.mockImplementationOnce(never);
    await tooSlow('auto', 1);
    expect(await engineOf(asking('webgpu'), 2)).toBe('webgpu');
  });

  it('is not one that is refused for good: nobody waits for that again', async () => {
    wanted.gpu.mockResolvedValue(null);
    for (const run of [1, 2, 3]) expect(await engineOf(asking('webgpu'), run)).toBe('wasm');
    expect(wanted.gpu).toHaveBeenCalledTimes(1);
  });
});
