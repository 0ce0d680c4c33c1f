/** The vector algebra on WebGPU against f64, and Lanczos on it: short vectors and long, one lane and two. */
import type { WebGpuOptions } from '../../src/engine/landscape/webgpu/engine';
import { deviation, expect, test } from './support';

/** The last: vectors so long that a basis takes two buffers, and dispatches in pieces. */
const OPTIONS: readonly WebGpuOptions[] = [
  { tuning: 'software' },
  { tuning: 'hardware' },
  { tuning: 'software', most: { bytes: 700_000, flops: 100_000 } },
];

for (const options of OPTIONS) {
  test(`vector algebra on one lane and two, short and long, made with ${JSON.stringify(options)}`, async ({ page }) => {
    const worst = await page.evaluate(async (options) => {
      const { webGpu, mulberry32 } = window.edgescope;
      const { engine } = await webGpu(options);
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
    }, options);
    expect(worst).toBeLessThan(1e-5);
  });
}

test('operands with the same first member or the same ends are told apart, those that do not lie in a row refused', async ({
  page,
}) => {
  const { found, messages } = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const landscape = await engine.landscape(fixtureA('mse', Math).problem);
    const basis = landscape.basis(4);
    const [x, out] = landscape.basis(2);
    const factors = landscape.scalars(4);
    // Dyadic numbers, so that every sum is exact.
    basis.forEach((q, i) => landscape.write(q, new Float64Array(landscape.dimension).fill(2 ** i)));
    factors.forEach((c, i) => landscape.write(c, [3 ** i]));
    const messages: string[] = [];
    const refused = (attempt: () => void): void => {
      try {
        attempt();
        messages.push('nothing');
      } catch (thrown) {
        messages.push((thrown as Error).message);
      }
    };
    const found: number[] = [];
    const combined = async (count: number): Promise<void> => {
      landscape.combine(basis.slice(0, count), factors.slice(0, count), out);
      found.push((await landscape.read(out))[0][16]);
    };
    await combined(2);
    refused(() => landscape.combine([basis[0], basis[2]], factors.slice(0, 2), out));
    refused(() => landscape.combine(basis.slice(0, 2), [factors[0], factors[2]], out));
    refused(() => landscape.combine(basis.slice(0, 1), factors.slice(0, 2), out));
    await combined(3);
    await combined(1);
    await combined(2);
    landscape.orthogonalise(x, basis, 2);
    refused(() => landscape.orthogonalise(x, [basis[0], basis[2]], 2));
    // The same ends and count as an earlier one, and another middle.
    await combined(4);
    const [a, b, c, d] = basis;
    refused(() => landscape.combine([a, c, b, d], factors, out));
    refused(() => landscape.combine([a, b, b, d], factors, out));
    const [p, q, r, t] = factors;
    refused(() => landscape.combine(basis, [p, r, q, t], out));
    landscape.orthogonalise(x, basis, 4);
    refused(() => landscape.orthogonalise(x, [a, b, b, d], 4));
    await combined(4);
    engine.dispose();
    return { found, messages };
  });
  expect(found).toEqual([7, 43, 1, 7, 259, 259]);
  const row = 'the operands do not lie in a row';
  expect(messages).toEqual([row, row, '2 coefficients for 1 vectors', row, row, row, row, row]);
});

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
