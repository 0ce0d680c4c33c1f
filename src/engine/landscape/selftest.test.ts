/** The self-test passes on a sound engine, its answers are right, and it refuses an engine with a fault put in. */
import { describe, expect, it } from 'vitest';
import { EdgescopeError } from '../../experiment/fault';
import type { Engine, Landscape } from './landscape';
import { reference } from './reference.testing';
import { SELF_TEST_ANSWERS, SELF_TEST_DIRECTION, SELF_TEST_PROBLEM, SELF_TEST_THETA, selfTest } from './selftest';
import { createWasmEngine } from './wasm/engine';
import { readKernels } from './wasm/node';

const module = await readKernels();

/** The engine with some operations of its landscapes replaced. */
function faulty(engine: Engine, fault: (sound: Landscape) => Partial<Landscape>): Engine {
  return {
    device: engine.device,
    lost: engine.lost,
    dispose: () => engine.dispose(),
    landscape: async (problem) => {
      const sound = await engine.landscape(problem);
      const replaced = fault(sound);
      return new Proxy(sound, {
        get: (target, key) => {
          const value: unknown = Reflect.get(replaced, key) ?? Reflect.get(target, key, target);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
    },
  };
}

describe('self-test', () => {
  it('passes in both precisions', async () => {
    await selfTest(await createWasmEngine(module, 'f32'));
    await selfTest(await createWasmEngine(module, 'f64'));
  });

  it('has right answers', () => {
    const expected = reference(SELF_TEST_PROBLEM, SELF_TEST_THETA, SELF_TEST_DIRECTION, Math);
    const { loss, gradient, product, dot } = SELF_TEST_ANSWERS;
    expect(loss).toBeCloseTo(expected.loss, 13);
    expect(gradient).toHaveLength(32);
    gradient.forEach((x, i) => expect(x).toBeCloseTo(expected.gradient[i], 13));
    product.forEach((x, i) => expect(x).toBeCloseTo(expected.product[i], 13));
    expect(dot).toBeCloseTo(
      expected.product.reduce((sum, x, i) => sum + x * SELF_TEST_DIRECTION[i], 0),
      12,
    );
  });

  it('refuses an engine whose product is off by a thousandth, and says by how much', async () => {
    const engine = faulty(await createWasmEngine(module, 'f32'), (sound) => ({
      hessianProduct: (v, out) => {
        sound.hessianProduct(v, out);
        const [factor] = sound.scalars(1);
        sound.write(factor, [1.001]);
        sound.scale(factor, out);
      },
    }));
    const thrown = await selfTest(engine).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(EdgescopeError);
    expect(thrown).toMatchObject({ code: 'engine' });
    expect(String(thrown)).toMatch(/Hessian-vector product is off by 1\.0e-3/);
  });

  it('refuses an engine that returns NaN', async () => {
    const engine = faulty(await createWasmEngine(module, 'f32'), (sound) => ({
      dot: (_x, _y, out) => sound.write(out, [NaN]),
    }));
    await expect(selfTest(engine)).rejects.toThrow(/inner product is off by NaN/);
  });
});
