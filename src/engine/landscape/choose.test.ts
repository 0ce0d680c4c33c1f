/** Which engine runs, and the reason the page shows. */
import { describe, expect, it } from 'vitest';
import type { EngineId } from '../../experiment/experiment';
import { EdgescopeError } from '../../experiment/fault';
import { chooseEngine, type EngineMakers } from './choose';
import type { Engine } from './landscape';
import { NotYet } from './patience';
import { createWasmEngine } from './wasm/engine';
import { readKernels } from './wasm/node';

const module = await readKernels();

/** What is wrong with an engine, if anything. */
interface Fault {
  readonly hardware?: boolean;
  readonly broken?: boolean;
  readonly missing?: boolean;
  readonly fails?: string;
}

/** Real engines dressed as WebGPU and TensorFlow.js; a broken one computes every landscape on other data. */
function makers(
  gpu: Fault,
  tensorflow: Fault = {},
): EngineMakers & { readonly asked: string[]; readonly disposed: string[] } {
  const asked: string[] = [];
  const disposed: string[] = [];
  const dressed = async (id: EngineId, { broken = false, fails = '' }: Fault): Promise<Engine> => {
    if (fails) throw new EdgescopeError('engine', fails);
    const real = await createWasmEngine(module, 'f32');
    return {
      ...real,
      device: { ...real.device, engine: id, name: `a ${id} device` },
      landscape: (problem) =>
        real.landscape(broken ? { ...problem, inputs: problem.inputs.map((x) => 1.01 * x) } : problem),
      dispose: () => disposed.push(id),
    };
  };
  return {
    asked,
    disposed,
    wasm: async (precision) => {
      asked.push(`wasm ${precision}`);
      return createWasmEngine(module, precision);
    },
    webgpu: async () => {
      asked.push('webgpu');
      return async () =>
        gpu.missing ? null : { hardware: gpu.hardware ?? true, engine: await dressed('webgpu', gpu) };
    },
    tensorflow: async () => {
      asked.push('tensorflow');
      return () => dressed('tensorflow', tensorflow);
    },
  };
}

describe('chooseEngine', () => {
  it('takes the hardware GPU where there is one', async () => {
    const { engine, why } = await chooseEngine('auto', 'f32', makers({}));
    expect([engine.device.engine, why]).toEqual(['webgpu', 'a hardware GPU is here']);
  });

  it('passes over a software adapter, unless it is asked for', async () => {
    const offered = makers({ hardware: false });
    const { engine, why } = await chooseEngine('auto', 'f32', offered);
    expect([engine.device.engine, why, offered.disposed]).toEqual([
      'wasm',
      'the only WebGPU adapter here is software',
      ['webgpu'],
    ]);
    const asked = await chooseEngine('webgpu', 'f32', makers({ hardware: false }));
    expect([asked.engine.device.engine, asked.why]).toEqual(['webgpu', 'asked for']);
  });

  it('takes TensorFlow.js where it is asked for, and never of its own accord', async () => {
    const offered = makers({});
    const { engine, why } = await chooseEngine('tensorflow', 'f32', offered);
    expect([engine.device.engine, why, offered.asked]).toEqual(['tensorflow', 'asked for', ['tensorflow']]);
    for (const gpu of [{}, { hardware: false }, { missing: true }, { fails: 'No.' }, { broken: true }]) {
      for (const precision of ['f32', 'f64'] as const) {
        const left = makers(gpu);
        await chooseEngine('auto', precision, left);
        expect(left.asked).not.toContain('tensorflow');
      }
    }
  });

  it('touches nothing else where WASM is asked for or 64 bits are', async () => {
    const explicit = makers({});
    expect((await chooseEngine('wasm', 'f32', explicit)).why).toBe('asked for');
    expect(explicit.asked).toEqual(['wasm f32']);
    for (const choice of ['auto', 'webgpu', 'tensorflow'] as const) {
      const precise = makers({});
      const { engine, why } = await chooseEngine(choice, 'f64', precise);
      expect([engine.device.precision, why, precise.asked]).toEqual(['f64', '64-bit precision needs it', ['wasm f64']]);
    }
  });

  it.each<[string, Fault, RegExp]>([
    ['is missing', { missing: true }, /no WebGPU adapter/],
    ['cannot be made', { fails: 'The driver crashed.' }, /^The driver crashed\.$/],
    ['computes wrongly', { broken: true }, /computes wrongly here/],
  ])('falls back to WASM with the reason where WebGPU %s', async (_, gpu, reason) => {
    for (const choice of ['auto', 'webgpu'] as const) {
      const offered = makers(gpu);
      const { engine, why, later } = await chooseEngine(choice, 'f32', offered);
      expect(engine.device.engine).toBe('wasm');
      expect(why).toMatch(reason);
      // For good: it would be the same another time.
      expect(later).toBeNull();
      expect(offered.disposed).toEqual(gpu.broken ? ['webgpu'] : []);
    }
  });

  it.each<[string, Fault, RegExp]>([
    ['cannot be made', { fails: 'TensorFlow.js has no backend here.' }, /^TensorFlow\.js has no backend here\.$/],
    ['computes wrongly', { broken: true }, /^a tensorflow device computes wrongly here/],
  ])('falls back to WASM with the reason, and not to WebGPU, where TensorFlow.js %s', async (_, fault, reason) => {
    const offered = makers({}, fault);
    const { engine, why } = await chooseEngine('tensorflow', 'f32', offered);
    expect(engine.device.engine).toBe('wasm');
    expect(why).toMatch(reason);
    expect(offered.asked).toEqual(['tensorflow', 'wasm f32']);
    expect(offered.disposed).toEqual(fault.broken ? ['tensorflow'] : []);
  });

  it('says when an engine may be had whose code did not come', async () => {
    const lost = new NotYet('the code for WebGPU could not be fetched', Promise.resolve());
    const { engine, why, later } = await chooseEngine('auto', 'f32', {
      ...makers({}),
      webgpu: () => Promise.reject(lost),
    });
    expect([engine.device.engine, why]).toEqual(['wasm', 'the code for WebGPU could not be fetched']);
    expect(later).toBe(lost.later);
  });

  it('refuses a WASM engine that computes wrongly', async () => {
    const offered = makers({ missing: true });
    const wrong: EngineMakers = {
      ...offered,
      wasm: async (precision) => {
        const real = await createWasmEngine(module, precision);
        return {
          ...real,
          landscape: (problem) => real.landscape({ ...problem, targets: problem.targets.map((y) => y + 0.1) }),
          dispose: () => offered.disposed.push('wasm'),
        };
      },
    };
    await expect(chooseEngine('auto', 'f32', wrong)).rejects.toThrow(/computes wrongly here/);
    expect(offered.disposed).toEqual(['wasm']);
  });
});
