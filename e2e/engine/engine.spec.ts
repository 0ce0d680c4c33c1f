/**
 * The WebGPU engine in a real browser, on the software adapter: the portable fixtures, every activation and loss against
 * plain f64 loops, lanes, the vector algebra, order under load, and what happens when the device breaks or goes away.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, test, type Page } from '@playwright/test';
import type { Problem } from '../../src/engine/landscape/landscape';
import type { WebGpuOptions } from '../../src/engine/landscape/webgpu/engine';
import type { ActivationId, LossId } from '../../src/experiment/experiment';

test.beforeEach(async ({ page }) => {
  await page.goto('index.html');
  await page.waitForFunction(() => 'edgescope' in window);
});

/** Largest difference relative to the largest expected entry. */
function deviation(actual: readonly number[], expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((x, i) => Math.abs(actual[i] - x))) / scale;
}

/** Fixture A: figures of the f64 references, W listed [out][in]. */
const FIXTURE_A = {
  mse: {
    loss: 0.921288372067,
    norm: 1.401885907173,
    productNorm: 2.883857608,
    product: [0.24666616, -0.071706258, 0.219795294, 0.191993268],
    spectrum: [
      -1.06386296, -0.847991535, -0.841624383, -0.189171594, -0.12441014, -0.054816278, 0.001320436, 0.003786728,
      0.097124545, 0.200744151, 0.215636791, 0.495052956, 0.539738372, 0.92655398, 1.098448831, 1.4028645, 2.123538236,
    ],
    trained: { loss: 0.127308198075, lambda1: 2.2699084954 },
  },
  ce: {
    loss: 0.67512980462,
    norm: 0.329770927191,
    productNorm: 1.0827531055,
    product: [0.225480477, 0.027404214, 0.103893411, 0.195042223],
    spectrum: null,
    trained: { loss: 0.378905896211, lambda1: 0.8311910476 },
  },
};

function runFixtureA(page: Page, loss: LossId) {
  return page.evaluate(async (loss) => {
    const { webGpu, fixtureA, toOutIn } = window.edgescope;
    const { engine } = await webGpu();
    const { problem, theta, direction } = fixtureA(loss, Math);
    const landscape = await engine.landscape(problem);
    const { dimension } = landscape;
    const [at, g, v, hv] = landscape.basis(4);
    const [height, norm, productNorm, eta] = landscape.scalars(4);
    const probes = landscape.vector(dimension);
    const products = landscape.vector(dimension);
    const identity = new Float64Array(dimension * dimension);
    for (let i = 0; i < dimension; i++) identity[i * dimension + i] = 1;
    landscape.write(at, theta);
    landscape.write(v, direction);
    landscape.write(probes, identity);
    landscape.write(eta, [0.5]);
    landscape.gradient(at, g, height);
    landscape.norm(g, norm);
    landscape.linearise(at);
    landscape.hessianProduct(v, hv);
    landscape.norm(hv, productNorm);
    landscape.hessianProduct(probes, products);
    const [scalars, product, hessian] = await landscape.read([height, norm, productNorm], hv, products);
    for (let t = 0; t < 100; t++) {
      landscape.gradient(at, g, height);
      landscape.axpy(-1, eta, g, at);
    }
    landscape.value(at, height);
    landscape.linearise(at);
    landscape.hessianProduct(probes, products);
    const [[trainedLoss], trainedHessian] = await landscape.read([height], products);
    engine.dispose();
    return {
      scalars: [...scalars],
      product: [...toOutIn(problem.network, product)].slice(0, 4),
      hessian: [...hessian],
      trainedLoss,
      trainedHessian: [...trainedHessian],
    };
  }, loss);
}

function spectrumOf(entries: readonly number[]): number[] {
  const size = Math.sqrt(entries.length);
  const matrix = Matrix.from1DArray(size, size, entries);
  // Products in f32 are symmetric to rounding only.
  const symmetric = Matrix.add(matrix, matrix.transpose()).mul(0.5);
  return new EigenvalueDecomposition(symmetric, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => a - b);
}

for (const loss of ['mse', 'ce'] as const) {
  test(`fixture A, ${loss}: loss, gradient, product, spectrum and 100 steps of gradient descent`, async ({ page }) => {
    const expected = FIXTURE_A[loss];
    const result = await runFixtureA(page, loss);
    const [height, norm, productNorm] = result.scalars;
    expect(height / expected.loss).toBeCloseTo(1, 5);
    expect(norm / expected.norm).toBeCloseTo(1, 5);
    expect(productNorm / expected.productNorm).toBeCloseTo(1, 5);
    expect(deviation(result.product, expected.product)).toBeLessThan(1e-5);
    const spectrum = spectrumOf(result.hessian);
    if (expected.spectrum) expect(deviation(spectrum, expected.spectrum)).toBeLessThan(1e-5);
    else {
      const ends = [spectrum[0], spectrum[15], spectrum[16]];
      expect(deviation(ends, [-0.269432406, 0.352745068, 0.960862542])).toBeLessThan(1e-5);
      // One constant added to every logit changes nothing: 3 + 1 exact null directions.
      expect(spectrum.filter((x) => Math.abs(x) < 1e-5)).toHaveLength(4);
    }
    expect(result.trainedLoss / expected.trained.loss).toBeCloseTo(1, 5);
    expect(spectrumOf(result.trainedHessian)[16] / expected.trained.lambda1).toBeCloseTo(1, 5);
  });
}

interface Case {
  readonly sizes: number[];
  readonly biases: boolean[];
  readonly activation: ActivationId;
  readonly loss: LossId;
  readonly examples: number;
}

/** Worst deviation from f64 loops of loss, gradient and product, by one lane, by lanes of θ, and by lanes of probes. */
function worstDeviation(page: Page, given: Case, options: WebGpuOptions) {
  return page.evaluate(
    async ({ given, options }) => {
      const { webGpu, mulberry32, parameterCount, reference } = window.edgescope;
      const uniform = mulberry32(11);
      const random = (length: number): Float64Array =>
        Float64Array.from({ length }, () => Math.fround(2 * uniform() - 1));
      const { sizes, biases, activation, loss, examples } = given;
      const outputs = sizes[sizes.length - 1];
      const targets = random(examples * outputs);
      if (loss === 'ce')
        targets.forEach((_, i) => (targets[i] = Math.floor(i / outputs) % outputs === i % outputs ? 1 : 0));
      const network = { sizes, biases, activation };
      const problem: Problem = { network, loss, examples, inputs: random(examples * sizes[0]), targets };
      const size = parameterCount(network);
      const lanes = 3;
      const thetas = random(lanes * size).map((x) => Math.fround(0.8 * x));
      const directions = random(lanes * size);
      const of = (values: Float64Array, lane: number): Float64Array => values.subarray(lane * size, (lane + 1) * size);

      const { engine } = await webGpu(options);
      const landscape = await engine.landscape(problem);
      const [theta, g, v, hv] = [1, 2, 3, 4].map(() => landscape.vector());
      const [thetaLanes, gLanes, vLanes, hvLanes, probed, shared] = [1, 2, 3, 4, 5, 6].map(() =>
        landscape.vector(lanes),
      );
      const [height, value] = landscape.scalars(2);
      const [heights] = landscape.scalars(1, lanes);
      landscape.write(theta, of(thetas, 0));
      landscape.write(v, of(directions, 0));
      landscape.write(thetaLanes, thetas);
      landscape.write(vLanes, directions);
      landscape.gradient(theta, g, height);
      landscape.value(theta, value);
      landscape.linearise(theta);
      // What is kept must survive a gradient elsewhere and a change of θ.
      landscape.copy(g, theta);
      landscape.gradient(theta, hv, value);
      landscape.write(theta, of(thetas, 0));
      landscape.value(theta, value);
      landscape.hessianProduct(v, hv);
      landscape.hessianProduct(vLanes, probed);
      landscape.gradient(thetaLanes, gLanes, heights);
      landscape.linearise(thetaLanes);
      landscape.hessianProduct(vLanes, hvLanes);
      landscape.hessianProduct(v, shared);
      const read = await landscape.read([height, value], g, hv, probed, [heights], gLanes, hvLanes, shared);
      const [scalars, gradient, product, probes, laneLosses, laneGradients, laneProducts, sharedProducts] = read;
      engine.dispose();

      let worst = 0;
      const compare = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
        const scale = Math.max(...Array.from(expected, Math.abs));
        for (let i = 0; i < expected.length; i++) {
          const difference = Math.abs(actual[i] - expected[i]) / scale;
          worst = difference <= worst ? worst : difference;
        }
      };
      for (let lane = 0; lane < lanes; lane++) {
        const own = reference(problem, of(thetas, lane), of(directions, lane), Math);
        compare([laneLosses[lane]], [own.loss]);
        compare(of(laneGradients, lane), own.gradient);
        compare(of(laneProducts, lane), own.product);
        compare(of(probes, lane), reference(problem, of(thetas, 0), of(directions, lane), Math).product);
        compare(of(sharedProducts, lane), reference(problem, of(thetas, lane), of(directions, 0), Math).product);
        if (lane > 0) continue;
        compare(scalars, [own.loss, own.loss]);
        compare(gradient, own.gradient);
        compare(product, own.product);
      }
      return worst;
    },
    { given, options },
  );
}

for (const activation of ['tanh', 'relu', 'gelu', 'softplus', 'sigmoid', 'elu', 'linear'] as const) {
  for (const loss of ['mse', 'ce'] as const) {
    test(`${activation}, ${loss}: loss, gradient and product agree with f64, on one lane and on three`, async ({
      page,
    }) => {
      const given = { sizes: [3, 5, 4, 3], biases: [true, false, true], activation, loss, examples: 37 };
      expect(await worstDeviation(page, given, {})).toBeLessThan(2e-6);
    });
  }
}

const SHAPES: readonly Case[] = [
  { sizes: [4, 3], biases: [true], activation: 'tanh', loss: 'ce', examples: 10 },
  { sizes: [5, 1], biases: [false], activation: 'tanh', loss: 'mse', examples: 1 },
  { sizes: [13, 33, 10, 1, 4], biases: [true, true, false, true], activation: 'tanh', loss: 'mse', examples: 131 },
  { sizes: [2, 17, 40], biases: [true, true], activation: 'gelu', loss: 'ce', examples: 70 },
  {
    sizes: [2, 3, 3, 3, 3, 3, 3, 3, 3, 2],
    biases: Array<boolean>(9).fill(true),
    activation: 'tanh',
    loss: 'ce',
    examples: 50,
  },
  { sizes: [2, 6, 1], biases: [true, true], activation: 'tanh', loss: 'mse', examples: 8201 },
];

for (const given of SHAPES) {
  for (const tuning of ['software', 'hardware'] as const) {
    test(`${given.sizes.join('-')}, ${given.examples} examples, cut for ${tuning}: agrees with f64`, async ({
      page,
    }) => {
      expect(await worstDeviation(page, given, { tuning })).toBeLessThan(5e-6);
    });
  }
}

for (const tuning of ['software', 'hardware'] as const) {
  test(`vector algebra on one lane and two, short and long, cut for ${tuning}`, async ({ page }) => {
    const worst = await page.evaluate(async (tuning) => {
      const { webGpu, mulberry32 } = window.edgescope;
      const { engine } = await webGpu({ tuning });
      const uniform = mulberry32(5);
      const random = (length: number): Float64Array =>
        Float64Array.from({ length }, () => Math.fround(2 * uniform() - 1));
      let worst = 0;
      const compare = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
        const scale = Math.max(1e-3, ...Array.from(expected, Math.abs).slice(0, 5000));
        for (let i = 0; i < expected.length; i++) {
          const difference = Math.abs(actual[i] - expected[i]) / scale;
          worst = difference <= worst ? worst : difference;
        }
      };
      // A linear model of w inputs has P = w: 17 takes one block of a reduction, 40 003 several.
      for (const size of [17, 40003]) {
        const network = { sizes: [size, 1], biases: [false], activation: 'linear' as const };
        const problem = { network, loss: 'mse' as const, examples: 1, inputs: random(size), targets: random(1) };
        const landscape = await engine.landscape(problem);
        for (const lanes of [1, 2]) {
          const basis = landscape.basis(4, lanes);
          const [x, y, z] = landscape.basis(3, lanes);
          const [a, d, n, length] = landscape.scalars(4, lanes);
          const zero = landscape.scalars(1)[0];
          const factors = landscape.scalars(4);
          const host = basis.map(() => random(size * lanes));
          const [hx, hy] = [random(size * lanes), random(size * lanes)];
          basis.forEach((q, i) => landscape.write(q, host[i]));
          factors.forEach((c, i) => landscape.write(c, [i - 1.5]));
          landscape.write(x, hx);
          landscape.write(y, hy);
          landscape.write(a, lanes === 1 ? [0.75] : [0.75, -2]);
          const sum = (f: (i: number) => number, lane: number): number => {
            let total = 0;
            for (let i = lane * size; i < (lane + 1) * size; i++) total += f(i);
            return total;
          };
          const each = (f: (lane: number) => number): number[] => Array.from({ length: lanes }, (_, lane) => f(lane));
          const factor = (i: number): number => (i < size ? 0.75 : -2);

          landscape.dot(x, y, d);
          landscape.norm(x, n);
          landscape.copy(x, z);
          landscape.axpy(-1, a, y, z);
          landscape.scale(a, z);
          const [dots, norms, moved] = await landscape.read([d], [n], z);
          const dotScale = each((lane) => Math.sqrt(sum((i) => hx[i] * hx[i], lane) * sum((i) => hy[i] * hy[i], lane)));
          each((lane) => sum((i) => hx[i] * hy[i], lane)).forEach((e, lane) =>
            compare([1 + dots[lane] / dotScale[lane]], [1 + e / dotScale[lane]]),
          );
          compare(
            norms,
            each((lane) => Math.sqrt(sum((i) => hx[i] * hx[i], lane))),
          );
          compare(
            moved,
            hx.map((e, i) => (e - factor(i) * hy[i]) * factor(i)),
          );

          landscape.normalise(x, z, length, zero);
          landscape.orthogonalise(x, basis, 3);
          const [unit, lengths, swept] = await landscape.read(z, [length], x);
          compare(lengths, norms);
          compare(
            unit,
            hx.map((e, i) => e / norms[Math.floor(i / size)]),
          );
          const projections = [0, 1, 2].map((m) => each((lane) => sum((i) => host[m][i] * hx[i], lane)));
          const expected = hx.map(
            (e, i) => e - [0, 1, 2].reduce((t, m) => t + host[m][i] * projections[m][Math.floor(i / size)], 0),
          );
          const big = Math.max(...expected.map(Math.abs).slice(0, 5000));
          compare(
            swept.map((e) => e / big),
            expected.map((e) => e / big),
          );

          landscape.combine(basis, factors, y);
          const [combined] = await landscape.read(y);
          compare(
            combined,
            host[0].map((_, i) => host.reduce((t, q, m) => t + (m - 1.5) * q[i], 0)),
          );
        }
        landscape.dispose();
      }
      engine.dispose();
      return worst;
    }, tuning);
    expect(worst).toBeLessThan(1e-5);
  });
}

test('normalise calls a breakdown where only rounding is left', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const landscape = await engine.landscape(fixtureA('mse', Math).problem);
    const [x, out] = landscape.basis(2);
    const [length, reference] = landscape.scalars(2);
    landscape.write(x, new Float64Array(17).fill(1e-3));
    const results: { length: number; first: number }[] = [];
    const norm = Math.sqrt(17) * 1e-3;
    for (const multiple of [0.9, 1.1]) {
      landscape.write(reference, [(multiple * norm) / (8 * landscape.roundoff)]);
      landscape.normalise(x, out, length, reference);
      const [[l], [first]] = await landscape.read([length], out);
      results.push({ length: l, first });
    }
    engine.dispose();
    return results;
  });
  expect(result[0].length).toBeCloseTo(Math.sqrt(17) * 1e-3, 8);
  expect(result[0].first).toBeCloseTo(1 / Math.sqrt(17), 6);
  expect(result[1]).toEqual({ length: 0, first: 0 });
});

test('Lanczos: all its steps in one read, and the sharpness is right', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA, Lanczos } = window.edgescope;
    const { engine } = await webGpu();
    const { problem, theta, direction } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    const at = landscape.vector();
    landscape.write(at, theta);
    landscape.linearise(at);
    let reads = 0;
    const read = landscape.read.bind(landscape);
    landscape.read = (...targets) => {
      reads++;
      return read(...targets);
    };
    const lanczos = new Lanczos(landscape, 17);
    const options = { wanted: 3, tolerance: 1e-5, batch: 17 };
    const found = await lanczos.run(
      (v, out) => landscape.hessianProduct(v, out),
      direction,
      options,
      () => undefined,
    );
    engine.dispose();
    return { reads, values: found ? [...found.values] : [] };
  });
  expect(result.reads).toBe(1);
  expect(deviation(result.values, [2.123538236, 1.4028645, 1.098448831])).toBeLessThan(1e-5);
});

test('writes and commands keep their order while submissions queue up', async ({ page }) => {
  const sum = await page.evaluate(async () => {
    const { webGpu, mulberry32 } = window.edgescope;
    const { engine } = await webGpu();
    const uniform = mulberry32(3);
    const inputs = Float64Array.from({ length: 32 * 2000 }, uniform);
    const network = { sizes: [32, 32, 1], biases: [true, true], activation: 'tanh' as const };
    const problem = { network, loss: 'mse' as const, examples: 2000, inputs, targets: new Float64Array(2000) };
    const landscape = await engine.landscape(problem);
    const [theta, g, ones, total] = [1, 2, 3, 4].map(() => landscape.vector());
    const [a, height] = landscape.scalars(2);
    landscape.write(ones, new Float64Array(landscape.dimension).fill(1));
    for (let i = 1; i <= 60; i++) {
      landscape.write(a, [i]);
      landscape.gradient(theta, g, height);
      landscape.gradient(theta, g, height);
      landscape.axpy(1, a, ones, total);
    }
    const [values] = await landscape.read(total);
    engine.dispose();
    return [values[0], values[values.length - 1]];
  });
  expect(sum).toEqual([1830, 1830]);
});

test('divergence reaches the host, whatever the activation swallows', async ({ page }) => {
  const losses = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const found: number[] = [];
    for (const activation of ['tanh', 'relu', 'gelu', 'softplus', 'sigmoid', 'elu'] as const) {
      for (const loss of ['mse', 'ce'] as const) {
        const { problem, theta } = fixtureA(loss, Math);
        const landscape = await engine.landscape({ ...problem, network: { ...problem.network, activation } });
        const at = landscape.vector();
        const [height] = landscape.scalars(1);
        for (const bad of [NaN, Infinity]) {
          landscape.write(
            at,
            theta.map((x, i) => (i === 0 ? bad : x)),
          );
          landscape.value(at, height);
          found.push((await landscape.read([height]))[0][0]);
        }
      }
    }
    engine.dispose();
    return found.filter((x) => Math.abs(x) <= 1e30);
  });
  expect(losses).toEqual([]);
});

test('the predictor gives the outputs on other inputs', async ({ page }) => {
  const outputs = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const { problem } = fixtureA('mse', Math);
    const network = { sizes: [2, 2], biases: [true], activation: 'tanh' as const };
    const landscape = await engine.landscape({ ...problem, network });
    const theta = landscape.vector();
    landscape.write(theta, [1, 10, 2, 20, 0.5, -0.5]);
    const predictor = landscape.predictor(3, Float64Array.of(1, 0, 0, 1, 3, -1));
    const first = [...(await predictor.outputs(theta))];
    landscape.write(theta, [0, 0, 0, 0, 1, 2]);
    const second = [...(await predictor.outputs(theta))];
    engine.dispose();
    return { first, second };
  });
  expect(outputs.first).toEqual([1.5, 9.5, 2.5, 19.5, 1.5, 9.5]);
  expect(outputs.second).toEqual([1, 2, 1, 2, 1, 2]);
});

test('says what it runs on, passes the self-test, and keeps buffers within the device', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA, selfTest } = window.edgescope;
    const { engine, hardware } = await webGpu({ nudge: true });
    await selfTest(engine);
    const landscape = await engine.landscape(fixtureA('ce', Math).problem);
    let code = '';
    try {
      landscape.basis(100_000_000);
    } catch (thrown) {
      code = (thrown as { code: string }).code;
    }
    engine.dispose();
    return { hardware, device: engine.device, code };
  });
  expect(result.hardware).toBe(false);
  expect(result.device).toMatchObject({ engine: 'webgpu', precision: 'f32', deterministic: false });
  expect(result.device.name).toMatch(/swiftshader.*software/i);
  expect(result.code).toBe('too-large');
});

test('a lost device rejects what waits and what comes after, in one sentence', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    const at = landscape.vector();
    landscape.write(at, theta);
    const faults: { code: string; message: string }[] = [];
    const keep = (thrown: unknown): void => void faults.push(thrown as { code: string; message: string });
    const waiting = landscape.read(at).catch(keep);
    engine.gpuDevice.destroy();
    await waiting;
    await landscape.read(at).catch(keep);
    await engine.landscape(problem).catch(keep);
    await engine.lost;
    return faults.map(({ code, message }) => ({ code, message }));
  });
  expect(result.map(({ code }) => code)).toEqual(['device-lost', 'device-lost', 'device-lost']);
  expect(result[0].message).toMatch(/^The GPU was lost[^.]*\.$/);
});

test('an error that the GPU reports ends the reads', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const landscape = await engine.landscape(fixtureA('mse', Math).problem);
    const at = landscape.vector();
    const device = engine.gpuDevice;
    device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    await device.queue.onSubmittedWorkDone();
    const fault = await landscape.read(at).then(
      () => null,
      (thrown: unknown) => thrown as { code: string; message: string; detail?: string },
    );
    engine.dispose();
    return fault && { code: fault.code, message: fault.message, detail: fault.detail ?? '' };
  });
  expect(result?.code).toBe('engine');
  expect(result?.detail).not.toBe('');
});

test('TensorFlow.js shares the device and sees θ without a copy', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA, shareWithTensorFlow } = window.edgescope;
    const { engine } = await webGpu();
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    const at = landscape.vector();
    landscape.write(at, theta);
    const { tf, tensor } = await shareWithTensorFlow(engine);
    const shared = tensor(landscape, at);
    const sees = async (): Promise<number[]> => {
      const doubled = tf.mul(shared, 2);
      const values = [...(await doubled.data())];
      doubled.dispose();
      return values;
    };
    const [own] = await landscape.read(at);
    const first = await sees();
    landscape.write(
      at,
      theta.map((x) => x + 1),
    );
    const [later] = await landscape.read(at);
    const second = await sees();
    const backend = tf.getBackend();
    shared.dispose();
    engine.dispose();
    return { backend, own: [...own], first, later: [...later], second };
  });
  expect(result.backend).toBe('webgpu');
  expect(result.first).toEqual(result.own.map((x) => Math.fround(2 * x)));
  expect(result.second).toEqual(result.later.map((x) => Math.fround(2 * x)));
  expect(result.second).not.toEqual(result.first);
});
