/** How the TensorFlow.js engine starts, shares its backend, and refuses. */
import { backend, registerBackend, removeBackend, setBackend, type KernelBackend } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { EdgescopeError } from '../../../experiment/fault';
import { fixtureA } from '../fixtures.testing';
import type { Engine } from '../landscape';
import type { GpuContext } from '../webgpu/device';
import { ACTIVATIONS } from './activations';
import { createTensorFlowEngine, fetchBestTensorFlowEngine, type TensorFlowOptions } from './engine';

const made: Engine[] = [];
afterEach(() => made.splice(0).forEach((engine) => engine.dispose()));

async function create(options: TensorFlowOptions): Promise<Engine> {
  const engine = await createTensorFlowEngine(options);
  made.push(engine);
  return engine;
}

const fault = (message: RegExp): unknown =>
  expect.objectContaining({ code: 'engine', message: expect.stringMatching(message) });

describe('the engine', () => {
  it('says what it runs on', async () => {
    expect((await create({ backend: 'cpu' })).device).toEqual({
      engine: 'tensorflow',
      name: 'TensorFlow.js on the CPU (backend cpu)',
      precision: 'f32',
      deterministic: false,
    });
  });

  it('is on the CPU where there is no WebGPU, no adapter, a software one or one that refuses', async () => {
    const limits = { maxBufferSize: 1, maxStorageBufferBindingSize: 1 };
    const info = {
      vendor: 'google',
      architecture: 'swiftshader',
      device: '',
      description: '',
      isFallbackAdapter: true,
    };
    const software = { info, limits };
    const lost = new Promise<never>(() => {});
    let given = 0;
    const device = { limits, lost, addEventListener: () => undefined, destroy: () => void given++ };
    const gpus = [
      undefined,
      { requestAdapter: async () => null },
      { requestAdapter: async () => ({ ...software, requestDevice: async () => device }) },
      {
        requestAdapter: async () => ({
          ...software,
          requestDevice: async () => {
            throw new Error('no');
          },
        }),
      },
    ];
    for (const gpu of gpus) {
      const make = await fetchBestTensorFlowEngine(gpu as unknown as GPU | undefined);
      const engine = await make();
      expect(engine.device.name).toMatch(/backend cpu/);
      engine.dispose();
    }
    expect(given).toBe(1);
  });

  it('refuses 64 bits', async () => {
    await expect(create({ backend: 'cpu', precision: 'f64' })).rejects.toEqual(fault(/32 bits.*engine=wasm\.$/));
  });

  it('refuses a backend that is not there or does not start', async () => {
    await expect(create({ backend: 'abacus' })).rejects.toEqual(fault(/no backend “abacus” here\.$/));
    registerBackend('broken', () => {
      throw new Error('no');
    });
    await expect(create({ backend: 'broken' })).rejects.toEqual(fault(/could not start its backend “broken”\.$/));
    removeBackend('broken');
    // A refusal leaves nothing behind.
    await create({ backend: 'cpu' });
  });

  it('refuses an activation that its table lacks, and names those that it has', async () => {
    const { tanh, relu } = ACTIVATIONS;
    const engine = await create({ backend: 'cpu', activations: { tanh, relu } });
    const { problem } = fixtureA('mse', Math);
    const problemWith = (activation: 'gelu' | 'linear' | 'relu') => ({
      ...problem,
      network: { ...problem.network, activation },
    });
    await expect(engine.landscape(problemWith('gelu'))).rejects.toThrow(EdgescopeError);
    await expect(engine.landscape(problemWith('gelu'))).rejects.toEqual(
      fault(/^TensorFlow\.js cannot differentiate gelu twice: .* one of tanh, relu, linear\.$/),
    );
    for (const accepted of ['relu', 'linear'] as const) (await engine.landscape(problemWith(accepted))).dispose();
  });
});

describe('the one backend of TensorFlow.js', () => {
  /** A second backend: the first under another name, with none of its kernels. */
  async function withOther(work: () => Promise<void>): Promise<void> {
    const cpu = backend();
    registerBackend('other', () => Object.create(cpu) as KernelBackend);
    await work().finally(() => removeBackend('other'));
  }

  it('serves several engines, whose landscapes do not meet', async () => {
    const [first, second] = [await create({ backend: 'cpu' }), await create({ backend: 'cpu' })];
    const { problem, theta } = fixtureA('mse', Math);
    const [one, two] = [await first.landscape(problem), await second.landscape(problem)];
    const [at, other] = [one.vector(), two.vector()];
    one.write(at, theta);
    first.dispose();
    expect(() => one.write(at, theta)).toThrow(/no longer computes/);
    one.dispose();
    two.write(other, theta);
    const [values] = await two.read(other);
    expect([...values]).toEqual([...theta].map(Math.fround));
    two.dispose();
  });

  it('is refused to an engine on another one while engines live', async () => {
    const first = await create({ backend: 'cpu' });
    await withOther(async () => {
      await expect(create({ backend: 'other' })).rejects.toEqual(fault(/an engine on “cpu” is alive/));
      first.dispose();
      expect((await create({ backend: 'other' })).device.name).toBe('TensorFlow.js on its backend other');
      made.splice(0).forEach((engine) => engine.dispose());
    });
    await create({ backend: 'cpu' });
  });

  it('gives up the device of an engine that cannot have it', async () => {
    let given = 0;
    const context = { adapter: { info: {} }, dispose: () => void given++ } as unknown as GpuContext;
    const first = await create({ backend: 'cpu' });
    await expect(create({ backend: 'webgpu', context })).rejects.toEqual(fault(/an engine on “cpu” is alive/));
    expect(given).toBe(1);
    first.dispose();
    // There is no WebGPU in Node.
    await expect(create({ backend: 'webgpu', context })).rejects.toEqual(fault(/no backend “webgpu” here\.$/));
    expect(given).toBe(2);
    await create({ backend: 'cpu' });
  });

  it('is missed at once when someone else switches it', async () => {
    const engine = await create({ backend: 'cpu' });
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    const at = landscape.vector();
    await withOther(async () => {
      await setBackend('other');
      expect(() => landscape.write(at, theta)).toThrow(/no longer computes on the backend/);
      await expect(landscape.read(at)).rejects.toEqual(fault(/no longer computes/));
      await setBackend('cpu');
    });
    landscape.write(at, theta);
    landscape.dispose();
  });
});
