/** What comes back from the WebGPU engine: in order under load, not a number where it diverged, on other inputs too. */
import { expect, test } from './support';

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
