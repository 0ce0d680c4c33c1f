/** The vector algebra, runs, Lanczos, memory and faults of the TensorFlow.js landscape on the cpu backend. */
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { Lanczos } from '../../spectrum/lanczos';
import { expectAlgebra, expectBases, expectDivergence, inner, random } from '../algebra.testing';
import { fixtureA, fixtureC } from '../fixtures.testing';
import type { Engine, Landscape } from '../landscape';
import { createWasmEngine } from '../wasm/engine';
import { readKernels } from '../wasm/node';
import { createTensorFlowEngine } from './engine';

const engine = await createTensorFlowEngine({ backend: 'cpu' });
const wasm = await createWasmEngine(await readKernels(), 'f32');
afterAll(() => engine.dispose());

describe('vector algebra', () => {
  it('does what it says', async () => {
    const landscape = await engine.landscape(fixtureA('mse', Math).problem);
    await expectAlgebra(landscape, 5e-7, 6);
    landscape.dispose();
  });

  it('orthogonalises and combines bases of any count', async () => {
    const landscape = await engine.landscape(fixtureC(Math).problem);
    await expectBases(landscape, [1, 3, 7, 8, 30], 1e-6);
    landscape.dispose();
  });

  it('normalises, turns a breakdown into zeros and hands NaN on', async () => {
    const landscape = await engine.landscape(fixtureA('mse', Math).problem);
    const [x, out] = [landscape.vector(), landscape.vector()];
    const [length, reference] = landscape.scalars(2);
    const norm = Math.sqrt(inner(random(17, 3), random(17, 3)));
    const normalised = async (against: number): Promise<[Float64Array, number]> => {
      landscape.write(reference, [against]);
      landscape.normalise(x, out, length, reference);
      const [values, [size]] = await landscape.read(out, [length]);
      return [values, size];
    };
    landscape.write(x, random(17, 3));
    const [values, size] = await normalised(0.99 * (norm / (8 * landscape.roundoff)));
    expect(inner(values, values)).toBeCloseTo(1, 6);
    expect(size).toBeCloseTo(norm, 6);
    const [nothing, zero] = await normalised(1.01 * (norm / (8 * landscape.roundoff)));
    expect([zero, ...nothing]).toEqual(new Array(18).fill(0));
    landscape.write(x, new Array<number>(17).fill(NaN));
    const [broken, none] = await normalised(1);
    expect(none).toBeNaN();
    expect(broken[16]).toBeNaN();
    landscape.write(x, new Array<number>(17).fill(0));
    expect((await normalised(0))[0]).toEqual(new Float64Array(17));
    landscape.dispose();
  });

  it('broadcasts one lane over many in every operation', async () => {
    const { problem, theta, direction } = fixtureA('ce', Math);
    const landscape = await engine.landscape(problem);
    const [at, v] = [landscape.vector(), landscape.vector()];
    const [probes, copies] = [landscape.vector(4), landscape.vector(4)];
    const [dots, norms, lengths] = landscape.scalars(3, 4);
    const factors = landscape.scalars(1, 4);
    const [one] = landscape.scalars(1);
    landscape.write(at, theta);
    landscape.write(v, direction);
    landscape.write(factors[0], [1, 2, 3, 4]);
    landscape.copy(at, copies);
    landscape.scale(factors[0], copies);
    landscape.dot(copies, v, dots);
    landscape.copy(at, probes);
    landscape.axpy(-1, factors[0], v, probes);
    landscape.orthogonalise(probes, [v], 1);
    landscape.combine([at], factors, probes);
    landscape.norm(at, norms);
    landscape.normalise(at, copies, lengths, one);
    const [[d, n, l], combined, units] = await landscape
      .read([dots, norms, lengths], probes, copies)
      .then(([s, ...vectors]) => [[s.subarray(0, 4), s.subarray(4, 8), s.subarray(8)], ...vectors] as const);
    const norm = Math.sqrt(inner(theta, theta));
    for (let lane = 0; lane < 4; lane++) {
      expect(d[lane]).toBeCloseTo((lane + 1) * inner(theta, direction), 5);
      expect(n[lane]).toBeCloseTo(norm, 5);
      expect(l[lane]).toBeCloseTo(norm, 5);
      theta.forEach((x, i) => {
        expect(combined[17 * lane + i]).toBeCloseTo((lane + 1) * x, 5);
        expect(units[17 * lane + i]).toBeCloseTo(x / norm, 5);
      });
    }
    landscape.dispose();
  });
});

/** θ after so many GD steps, and the largest Hessian eigenvalues there. */
async function train(on: Engine, steps: number) {
  const { problem, theta } = fixtureC(Math);
  const landscape = await on.landscape(problem);
  const [at, gradient] = [landscape.vector(), landscape.vector()];
  const [loss, eta] = landscape.scalars(2);
  landscape.write(at, theta);
  landscape.write(eta, [0.2]);
  for (let t = 0; t < steps; t++) {
    landscape.gradient(at, gradient, loss);
    landscape.axpy(-1, eta, gradient, at);
  }
  landscape.linearise(at);
  const lanczos = new Lanczos(landscape, 48);
  const result = await lanczos.run(
    (v, out) => landscape.hessianProduct(v, out),
    random(landscape.dimension, 9),
    { wanted: 3, tolerance: 1e-3, batch: 16 },
    () => undefined,
  );
  const [top] = landscape.basis(1);
  lanczos.ritzVectors([top], landscape.scalars(48));
  const [values, [height], vector] = await landscape.read(at, [loss], top);
  landscape.dispose();
  return { values, height, vector, result };
}

describe('a run', () => {
  it('takes the steps of the WASM engine and finds the same eigenvalues', async () => {
    const [mine, theirs] = [await train(engine, 12), await train(wasm, 12)];
    mine.values.forEach((x, i) => expect(Math.abs(x - theirs.values[i])).toBeLessThan(1e-5));
    expect(Math.abs(mine.height - theirs.height)).toBeLessThan(1e-5 * theirs.height);
    const [found, expected] = [mine.result, theirs.result];
    if (!found || !expected) throw new Error('Lanczos found something that is not finite');
    expect(found.converged).toBe(true);
    expected.values.forEach((x, i) => expect(Math.abs(found.values[i] - x)).toBeLessThan(1e-4 * x));
    expect(Math.abs(inner(mine.vector, theirs.vector))).toBeCloseTo(1, 4);
  });

  it('shows its divergence in the loss', async () => {
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    await expectDivergence(landscape, theta);
    landscape.dispose();
  });

  it('predicts like the training pass, at lane 0', async () => {
    const { problem, theta } = fixtureC(Math);
    const landscape = await engine.landscape(problem);
    const at = landscape.vector(2);
    const [loss] = landscape.scalars(1, 2);
    landscape.write(at, [...theta, ...theta.map((x) => 2 * x)]);
    landscape.value(at, loss);
    const outputs = await landscape.predictor(problem.examples, problem.inputs).outputs(at);
    const total = outputs.reduce((sum, f, i) => sum + 0.5 * (f - problem.targets[i]) * (f - problem.targets[i]), 0);
    const [[value]] = await landscape.read([loss]);
    expect(total / problem.examples).toBeCloseTo(value, 6);
    landscape.dispose();
  });
});

/** Every operation once. */
async function exercise(landscape: Landscape, operands: ReturnType<typeof operandsOf>): Promise<void> {
  const { theta, v, out, basis, loss, factors, batches, indices } = operands;
  landscape.choose(batches, indices);
  landscape.gradient(theta, out, loss, batches[0]);
  landscape.axpy(-1, factors[0], out, theta);
  landscape.value(theta, loss);
  landscape.linearise(theta, batches[1]);
  landscape.hessianProduct(v, out);
  landscape.linearise(theta);
  landscape.hessianProduct(v, out);
  landscape.orthogonalise(out, basis, 9);
  landscape.combine(basis, factors, v);
  landscape.normalise(out, out, loss, loss);
  landscape.norm(out, loss);
  landscape.flush();
  await landscape.read(theta, factors);
}

function operandsOf(landscape: Landscape) {
  const batches = landscape.batches(2, 5);
  const indices = Uint32Array.from({ length: 10 }, (_, i) => i);
  const [theta, v, out] = [landscape.vector(), landscape.vector(), landscape.vector()];
  const [loss] = landscape.scalars(1);
  landscape.write(theta, fixtureC(Math).theta);
  landscape.write(v, random(landscape.dimension, 4));
  return { theta, v, out, basis: landscape.basis(9), loss, factors: landscape.scalars(9), batches, indices };
}

describe('memory', () => {
  it('stays flat over any number of operations, and is let go on disposal', async () => {
    const before = memory().numTensors;
    const landscape = await engine.landscape(fixtureC(Math).problem);
    const operands = operandsOf(landscape);
    const predictor = landscape.predictor(3, random(30, 1));
    const round = async (): Promise<{ numTensors: number; numBytes: number }> => {
      await exercise(landscape, operands);
      await predictor.outputs(operands.theta);
      const { numTensors, numBytes } = memory();
      return { numTensors, numBytes };
    };
    const first = await round();
    for (let i = 0; i < 10; i++) expect(await round()).toEqual(first);
    landscape.dispose();
    landscape.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('is that of one zero vector for a basis that nothing has been written to', async () => {
    const landscape = await engine.landscape(fixtureC(Math).problem);
    const before = memory().numDataBuffers;
    landscape.basis(97);
    expect(memory().numDataBuffers - before).toBe(1);
    landscape.dispose();
  });
});

describe('bounds', () => {
  it('refuses operands of another landscape, lanes that do not fit, and use after disposal', async () => {
    const { problem } = fixtureA('mse', Math);
    const [landscape, other] = [await engine.landscape(problem), await engine.landscape(problem)];
    const [vector, scalar] = [landscape.vector(), landscape.scalars(1)[0]];
    expect(() => landscape.copy(other.vector(), vector)).toThrow(/another landscape/);
    expect(() => landscape.norm(vector, other.scalars(1)[0])).toThrow(/another landscape/);
    expect(() => landscape.value(vector, scalar, other.batches(1, 2)[0])).toThrow(/another landscape/);
    expect(() => landscape.copy(landscape.vector(3), landscape.vector(2))).toThrow(/3 lanes do not go into 2/);
    expect(() => landscape.value(vector, scalar, landscape.batches(1, 2, 3)[0])).toThrow(/lanes/);
    expect(() => landscape.gradient(vector, landscape.vector(3), scalar)).toThrow(/losses/);
    expect(() => landscape.write(vector, [1, 2, 3])).toThrow(/do not fit/);
    expect(() => landscape.hessianProduct(vector, vector)).toThrow(/linearised/);
    expect(() => landscape.batches(1, 5)).toThrow(/batches of 5 from 4/);
    expect(() => landscape.choose(landscape.batches(1, 2), Uint32Array.of(1))).toThrow(/do not fill/);
    expect(() => landscape.choose(landscape.batches(1, 2), Uint32Array.of(1, 4))).toThrow(/example 4 of 4/);
    await expect(landscape.read([scalar, landscape.scalars(1, 2)[0]])).rejects.toThrow(/same number of lanes/);
    landscape.dispose();
    expect(() => landscape.vector()).toThrow(/disposed/);
    await expect(landscape.read(vector)).rejects.toThrow(/disposed/);
    other.dispose();
  });

  it('says in one sentence that memory cannot be had', async () => {
    const landscape = await engine.landscape(fixtureA('mse', Math).problem);
    expect(() => landscape.vector(1e12)).toThrow(expect.objectContaining({ code: 'too-large' }));
    landscape.dispose();
  });
});
