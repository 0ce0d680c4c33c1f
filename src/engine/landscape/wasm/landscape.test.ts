/** The vector algebra, lanes, the predictor, faults and the golden trajectory of the WASM landscape. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Precision } from '../../../experiment/experiment';
import { deterministicMath } from '../../deterministic';
import { expectAlgebra, expectBases, expectDivergence, inner, random } from '../algebra.testing';
import { fixtureA, fixtureC } from '../fixtures.testing';
import type { Landscape, Problem } from '../landscape';
import { compileKernels, createWasmEngine } from './engine';
import { readKernels } from './node';

const module = await readKernels();

function open(problem: Problem, precision: Precision): Promise<Landscape> {
  return createWasmEngine(module, precision).then((engine) => engine.landscape(problem));
}

describe.each<[Precision, number]>([
  ['f32', 1e-6],
  ['f64', 1e-14],
])('vector algebra in %s', (precision, bar) => {
  it('does what it says on a length that fills no register', async () => {
    await expectAlgebra(await open(fixtureA('mse', Math).problem, precision), bar, 14);
  });

  it('orthogonalises and combines bases of any count', async () => {
    await expectBases(await open(fixtureC(Math).problem, precision), [1, 3, 4, 5, 9, 70], bar);
  });

  it('normalises, and turns a breakdown into zeros', async () => {
    const landscape = await open(fixtureA('mse', Math).problem, precision);
    const [x, out] = [landscape.vector(), landscape.vector()];
    const [length, reference] = landscape.scalars(2);
    landscape.write(x, random(17, 3));
    landscape.write(reference, [1]);
    landscape.normalise(x, out, length, reference);
    let [values, [size]] = await landscape.read(out, [length]);
    expect(inner(values, values)).toBeCloseTo(1, precision === 'f32' ? 6 : 14);
    expect(size).toBeCloseTo(Math.sqrt(inner(random(17, 3), random(17, 3))), 6);
    landscape.write(reference, [size / (8 * landscape.roundoff)]);
    landscape.normalise(x, out, length, reference);
    [values, [size]] = await landscape.read(out, [length]);
    expect(size).toBe(0);
    expect([...values]).toEqual(new Array(17).fill(0));
    landscape.write(reference, [(0.99 * Math.sqrt(inner(random(17, 3), random(17, 3)))) / (8 * landscape.roundoff)]);
    landscape.normalise(x, x, length, reference);
    [[size]] = await landscape.read([length]);
    expect(size).toBeGreaterThan(0);
    landscape.write(x, new Array<number>(17).fill(NaN));
    landscape.normalise(x, out, length, reference);
    [values, [size]] = await landscape.read(out, [length]);
    expect(size).toBeNaN();
    expect(values[16]).toBeNaN();
    // A vector that once held NaN is as good as new.
    landscape.write(out, random(17, 4));
    landscape.norm(out, length);
    [[size]] = await landscape.read([length]);
    expect(size).toBeCloseTo(Math.sqrt(inner(random(17, 4), random(17, 4))), 12);
  });
});

describe('lanes', () => {
  it('give the bits of single lanes', async () => {
    const { problem, theta } = fixtureC(Math);
    const landscape = await open(problem, 'f32');
    const P = landscape.dimension;
    const thetas = new Float64Array(3 * P);
    for (let lane = 0; lane < 3; lane++)
      thetas.set(
        theta.map((w) => w * (1 + lane / 4)),
        lane * P,
      );
    const vs = random(3 * P, 9);
    const [at, v, gradient, product] = [3, 3, 3, 3].map((lanes) => landscape.vector(lanes));
    const [loss] = landscape.scalars(1, 3);
    landscape.write(at, thetas);
    landscape.write(v, vs);
    landscape.gradient(at, gradient, loss);
    landscape.linearise(at);
    // A gradient elsewhere does not disturb what `linearise` kept.
    landscape.gradient(v, product, loss);
    landscape.gradient(at, gradient, loss);
    landscape.hessianProduct(v, product);
    const [losses, gradients, products] = await landscape.read([loss], gradient, product);
    const one = landscape.vector();
    const [g, h, w] = [landscape.vector(), landscape.vector(), landscape.vector()];
    const [value] = landscape.scalars(1);
    for (let lane = 0; lane < 3; lane++) {
      landscape.write(one, thetas.subarray(lane * P, (lane + 1) * P));
      landscape.write(w, vs.subarray(lane * P, (lane + 1) * P));
      landscape.gradient(one, g, value);
      landscape.linearise(one);
      landscape.hessianProduct(w, h);
      const [[l], gs, hs] = await landscape.read([value], g, h);
      expect(losses[lane]).toBe(l);
      expect([...gradients.subarray(lane * P, (lane + 1) * P)]).toEqual([...gs]);
      expect([...products.subarray(lane * P, (lane + 1) * P)]).toEqual([...hs]);
    }
  });

  it('broadcast one θ over many probes, and scalars over lanes', async () => {
    const { problem, theta, direction } = fixtureA('ce', Math);
    const landscape = await open(problem, 'f64');
    const at = landscape.vector();
    const [probes, products] = [landscape.vector(4), landscape.vector(4)];
    const [dots] = landscape.scalars(1, 4);
    const [half] = landscape.scalars(1);
    landscape.write(at, theta);
    landscape.write(probes, direction);
    landscape.write(half, [0.5]);
    landscape.linearise(at);
    landscape.hessianProduct(probes, products);
    landscape.scale(half, products);
    landscape.dot(at, products, dots);
    const [values, h] = await landscape.read([dots], products);
    const expected = inner(theta, h.subarray(0, 17));
    values.forEach((x) => expect(x).toBeCloseTo(expected, 14));
    expect([...h.subarray(51)]).toEqual([...h.subarray(0, 17)]);
  });
});

describe('bounds', () => {
  it('predicts like the training pass, before and after other work', async () => {
    const { problem, theta } = fixtureC(Math);
    const landscape = await open(problem, 'f64');
    const at = landscape.vector();
    const [loss] = landscape.scalars(1);
    landscape.write(at, theta);
    landscape.value(at, loss);
    const predictor = landscape.predictor(problem.examples, problem.inputs);
    landscape.vector(100);
    const outputs = await predictor.outputs(at);
    const total = outputs.reduce((sum, f, i) => sum + 0.5 * (f - problem.targets[i]) * (f - problem.targets[i]), 0);
    const [[value]] = await landscape.read([loss]);
    expect(total / problem.examples).toBeCloseTo(value, 7);
  });

  it('says in one sentence that memory cannot be had', async () => {
    const { problem } = fixtureA('mse', Math);
    const landscape = await open(problem, 'f32');
    expect(() => landscape.vector(2 ** 27)).toThrow(expect.objectContaining({ code: 'too-large' }));
    const wide = {
      ...problem,
      network: { ...problem.network, sizes: [2, 40000, 40000, 2], biases: [true, true, true] },
    };
    await expect(open(wide, 'f32')).rejects.toMatchObject({ code: 'too-large' });
  });

  it('refuses operands of another landscape, lanes that do not fit, and use after disposal', async () => {
    const { problem } = fixtureA('mse', Math);
    const landscape = await open(problem, 'f32');
    const other = await open(problem, 'f32');
    expect(() => landscape.copy(other.vector(), landscape.vector())).toThrow(/another landscape/);
    expect(() => landscape.copy(landscape.vector(3), landscape.vector(2))).toThrow(/lanes/);
    expect(() => landscape.write(landscape.vector(), [1, 2, 3])).toThrow(/do not fit/);
    const basis = landscape.basis(3);
    expect(() => landscape.orthogonalise(landscape.vector(), [basis[0], basis[2]], 2)).toThrow(/row/);
    landscape.dispose();
    expect(() => landscape.vector()).toThrow(/disposed/);
  });

  it('says what is missing where the module does not compile', async () => {
    const fault = { code: 'no-engine', message: expect.stringMatching(/damaged, or WebAssembly SIMD is missing/) };
    await expect(compileKernels(new Uint8Array([1, 2, 3]))).rejects.toMatchObject(fault);
  });

  it('shows divergence in the loss', async () => {
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await open(problem, 'f32');
    await expectDivergence(landscape, theta);
  });
});

describe('golden trajectory', () => {
  it.each<[Precision, string]>([
    ['f32', 'c08f0c59129c8d77'],
    ['f64', '0c2f4077e2cd4d0f'],
  ])('reaches the same bits as ever in %s', async (precision, hash) => {
    const { problem, theta } = fixtureC(deterministicMath(module));
    const landscape = await open(problem, precision);
    const [at, gradient] = [landscape.vector(), landscape.vector()];
    const [loss, eta] = landscape.scalars(2);
    landscape.write(at, theta);
    landscape.write(eta, [0.2]);
    for (let t = 0; t < 300; t++) {
      landscape.gradient(at, gradient, loss);
      landscape.axpy(-1, eta, gradient, at);
    }
    const [values] = await landscape.read(at);
    expect(createHash('sha256').update(values).digest('hex').slice(0, 16)).toBe(hash);
  });
});
