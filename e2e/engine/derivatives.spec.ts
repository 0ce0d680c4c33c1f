/** Loss, gradient and Hessian product on WebGPU against plain f64 loops: every activation, loss, shape and lane count. */
import type { Page } from '@playwright/test';
import type { Problem } from '../../src/engine/landscape/landscape';
import type { WebGpuOptions } from '../../src/engine/landscape/webgpu/engine';
import type { ActivationId, LossId } from '../../src/experiment/experiment';
import { expect, test } from './support';

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
  { sizes: [70, 9, 1], biases: [true, true], activation: 'tanh', loss: 'mse', examples: 21 },
  { sizes: [2, 6, 1], biases: [true, true], activation: 'tanh', loss: 'mse', examples: 8201 },
];

for (const given of SHAPES) {
  for (const tuning of ['software', 'hardware'] as const) {
    test(`${given.sizes.join('-')}, ${given.examples} examples, made for ${tuning}: agrees with f64`, async ({
      page,
    }) => {
      expect(await worstDeviation(page, given, { tuning })).toBeLessThan(5e-6);
    });
  }
}

for (const flops of [20_000, 300_000]) {
  test(`dispatches cut into pieces of ${flops} operations: agrees with f64`, async ({ page }) => {
    const [, , given] = SHAPES;
    expect(await worstDeviation(page, given, { most: { flops } })).toBeLessThan(5e-6);
  });
}
