/** Memory of the WASM engine: taken when things are made, never by an operation, and within what the papers' problem has. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Precision } from '../../../experiment/experiment';
import { Lanczos } from '../../spectrum/lanczos';
import { gradientDescent } from '../../optimizers/gd';
import { mulberry32 } from '../fixtures.testing';
import type { Network, Problem } from '../landscape';
import { Arena } from './arena';
import { createWasmEngine } from './engine';
import { readKernels } from './node';

const module = await readKernels();
const MEBIBYTE = 2 ** 20;
const PAGE = 65536;

/** Every memory that has grown, to be measured, and how often. */
const memories = new Map<WebAssembly.Memory, number>();

beforeEach(() => {
  const grow = WebAssembly.Memory.prototype.grow;
  vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(function (this: WebAssembly.Memory, pages) {
    memories.set(this, (memories.get(this) ?? 0) + 1);
    return grow.call(this, pages);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  memories.clear();
});

function problemOf(sizes: readonly number[], examples: number): Problem {
  const network: Network = { sizes, biases: sizes.slice(1).map(() => true), activation: 'tanh' };
  const uniform = mulberry32(1);
  const random = (length: number): Float64Array => Float64Array.from({ length }, () => uniform() - 0.5);
  const [inputs, targets] = [random(examples * sizes[0]), random(examples * sizes[sizes.length - 1])];
  return { network, loss: 'mse', examples, inputs, targets };
}

describe('memory', () => {
  it('is not asked for in steps, products, Lanczos runs and mini-batches', async () => {
    const landscape = await (await createWasmEngine(module, 'f32')).landscape(problemOf([5, 33, 9, 3], 70));
    const theta = landscape.vector();
    const probes = landscape.vector(4);
    const products = landscape.vector(4);
    const [loss] = landscape.scalars(1);
    const batches = landscape.batches(3, 17);
    const optimizer = gradientDescent(landscape);
    const lanczos = new Lanczos(landscape, 12);
    optimizer.setLearningRate(0.01);
    landscape.write(
      theta,
      Float64Array.from({ length: landscape.dimension }, (_, i) => Math.sin(i)),
    );
    landscape.write(
      probes,
      Float64Array.from({ length: landscape.dimension }, (_, i) => Math.cos(i)),
    );
    const allocate = vi.spyOn(Arena.prototype, 'allocate');
    // The first point on a batch takes room for the batch to be gathered in, once.
    landscape.linearise(theta, batches[0]);
    allocate.mockClear();
    for (let t = 0; t < 300; t++) {
      landscape.choose(
        batches,
        Uint32Array.from({ length: 51 }, (_, i) => (i * t) % 70),
      );
      optimizer.step(theta, loss);
      optimizer.step(theta, loss, batches[t % 3]);
      landscape.value(theta, loss, batches[0]);
      landscape.linearise(theta, batches[t % 3]);
      landscape.hessianProduct(probes, products);
      landscape.linearise(theta);
      landscape.hessianProduct(probes, products);
      if (t % 30 > 0) continue;
      const start = Float64Array.from({ length: landscape.dimension }, () => 1);
      const found = await lanczos.run(
        (v, out) => landscape.hessianProduct(v, out),
        start,
        { wanted: 1, tolerance: 0, batch: 12 },
        () => undefined,
      );
      expect(found?.iterations).toBe(12);
    }
    expect(allocate).not.toHaveBeenCalled();
    // It sees what is taken.
    landscape.scalars(1);
    expect(allocate).toHaveBeenCalledTimes(1);
  });

  it.each<Precision>(['f32', 'f64'])('grows once for a landscape, and once more for a run (%s)', async (precision) => {
    const landscape = await (await createWasmEngine(module, precision)).landscape(problemOf([64, 64, 64, 10], 1000));
    expect([...memories.values()]).toEqual([1]);
    const [theta] = Array.from({ length: 8 }, () => landscape.vector());
    const lanczos = new Lanczos(landscape, 96);
    gradientDescent(landscape);
    landscape.batches(64, 32);
    landscape.linearise(theta);
    expect(lanczos.most).toBe(96);
    expect([...memories.values()]).toEqual([2]);
  });

  it('grows seldom for vectors made one by one', async () => {
    const landscape = await (await createWasmEngine(module, 'f32')).landscape(problemOf([2, 32, 32, 1], 200));
    const made = Array.from({ length: 2000 }, () => landscape.vector());
    const [memory] = memories.keys();
    // 9.6 MB in pieces of 4.8 KB: grown for each that does not fit it would be some 150 times.
    expect(memory.buffer.byteLength).toBeGreaterThan(made.length * landscape.dimension * 4);
    expect(memories.get(memory)).toBeLessThanOrEqual(10);
  });

  it('takes what it needs and no more where more cannot be had', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
    const arena = new Arena(memory, 0, 'f32');
    expect(arena.allocate(2 * PAGE)).toBe(0);
    expect(memory.buffer.byteLength).toBe(2 * PAGE);
    // What was refused has taken nothing.
    expect(() => arena.together(() => [arena.allocate(PAGE), arena.allocate(2 * PAGE)])).toThrow('WebAssembly memory');
    expect(arena.together(() => [arena.allocate(PAGE), arena.allocate(PAGE)])).toEqual([2 * PAGE, 3 * PAGE]);
    expect(memory.buffer.byteLength).toBe(4 * PAGE);
    expect(arena.values.length).toBe(PAGE);
    expect(() => arena.allocate(1)).toThrow('WebAssembly memory');
    expect(() => arena.together(() => arena.allocate(1))).toThrow('WebAssembly memory');
  });

  it('holds the problem of the papers and the basis of 96 Lanczos steps in a gibibyte', async () => {
    const examples = 5000;
    const problem = problemOf([3072, 200, 200, 10], 1);
    const large = { ...problem, examples, inputs: new Float64Array(examples * 3072), targets: new Float64Array(50000) };
    const landscape = await (await createWasmEngine(module, 'f32')).landscape(large);
    expect([...memories.values()]).toEqual([1]);
    landscape.basis(97);
    landscape.vector(4);
    landscape.batches(100, 128);
    expect(landscape.dimension).toBe(656810);
    expect(memories.size).toBe(1);
    const bytes = [...memories.keys()].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    // 376 MiB when this was written.
    expect(bytes).toBeLessThan(400 * MEBIBYTE);
    // What any layout must hold: the inputs and the basis.
    expect(bytes).toBeGreaterThan(4 * (examples * 3072 + 97 * 656810));
  });
});
