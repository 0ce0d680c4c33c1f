/** Memory of the WASM engine: taken when things are made, never by an operation, and within what the papers' problem has. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lanczos } from '../../spectrum/lanczos';
import { gradientDescent } from '../../optimizers/gd';
import { mulberry32 } from '../fixtures.testing';
import type { Network, Problem } from '../landscape';
import { Arena } from './arena';
import { createWasmEngine } from './engine';
import { readKernels } from './node';

const module = await readKernels();
const MEBIBYTE = 2 ** 20;

/** Every memory that has grown, to be measured. */
const memories = new Set<WebAssembly.Memory>();

beforeEach(() => {
  const grow = WebAssembly.Memory.prototype.grow;
  vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(function (this: WebAssembly.Memory, pages) {
    memories.add(this);
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

  it('holds the problem of the papers and the basis of 96 Lanczos steps in a gibibyte', async () => {
    const examples = 5000;
    const problem = problemOf([3072, 200, 200, 10], 1);
    const large = { ...problem, examples, inputs: new Float64Array(examples * 3072), targets: new Float64Array(50000) };
    const landscape = await (await createWasmEngine(module, 'f32')).landscape(large);
    landscape.basis(97);
    landscape.vector(4);
    landscape.batches(100, 128);
    expect(landscape.dimension).toBe(656810);
    expect(memories.size).toBe(1);
    const bytes = [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    // 371 MiB when this was written.
    expect(bytes).toBeLessThan(400 * MEBIBYTE);
    // What any layout must hold: the inputs and the basis.
    expect(bytes).toBeGreaterThan(4 * (examples * 3072 + 97 * 656810));
  });
});
