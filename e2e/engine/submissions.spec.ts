/**
 * How work reaches the GPU: in submissions as long as the time of those before allows, few of them under way at once,
 * large dispatches cut into pieces. And what it leaves there: buffers that do not grow.
 */
import type { Page } from '@playwright/test';
import { expect, test } from './support';

/** Gradients and a Lanczos run, while the clock runs `factor` times as fast as it should. */
function countUnder(page: Page, factor: number) {
  return page.evaluate(async (factor) => {
    const { webGpu, mulberry32, Lanczos } = window.edgescope;
    const clock = performance.now.bind(performance);
    performance.now = () => factor * clock();
    const { engine } = await webGpu();
    const uniform = mulberry32(7);
    const examples = 300;
    const network = { sizes: [32, 48, 10], biases: [true, true], activation: 'tanh' as const };
    const inputs = Float64Array.from({ length: 32 * examples }, uniform);
    const problem = { network, loss: 'mse' as const, examples, inputs, targets: new Float64Array(10 * examples) };
    const landscape = await engine.landscape(problem);
    const [theta, g] = landscape.basis(2);
    const [height, eta] = landscape.scalars(2);
    const start = Float64Array.from({ length: landscape.dimension }, () => uniform() - 0.5);
    landscape.write(theta, start);
    landscape.write(eta, [0.01]);
    const work = async (): Promise<number[]> => {
      for (let i = 0; i < 40; i++) {
        landscape.gradient(theta, g, height);
        landscape.axpy(-1, eta, g, theta);
      }
      landscape.linearise(theta);
      const lanczos = new Lanczos(landscape, 24);
      const options = { wanted: 1, tolerance: 0, batch: 24 };
      const product = (v: typeof theta, out: typeof theta): void => landscape.hessianProduct(v, out);
      const found = await lanczos.run(product, start, options, () => undefined);
      return found ? [...found.values] : [];
    };
    await work(); // compiles, and tells the stream how long work takes by that clock
    const { queue } = engine.gpuDevice;
    let [submissions, underWay, most] = [0, 0, 0];
    const submit = queue.submit.bind(queue);
    queue.submit = (buffers) => {
      submissions++;
      most = Math.max(most, ++underWay);
      return submit(buffers);
    };
    const done = queue.onSubmittedWorkDone.bind(queue);
    queue.onSubmittedWorkDone = () => done().finally(() => underWay--);
    landscape.write(theta, start);
    const values = await work();
    engine.dispose();
    return { submissions, most, values };
  }, factor);
}

test('submissions are as short as the clock demands, at most two under way, the numbers the same', async ({ page }) => {
  const quick = await countUnder(page, 1e-3);
  await page.reload();
  await page.waitForFunction(() => 'edgescope' in window);
  const slow = await countUnder(page, 20);
  expect(slow.submissions).toBeGreaterThan(10 * quick.submissions);
  expect(slow.most).toBe(2);
  expect(quick.most).toBeLessThanOrEqual(2);
  // Both began their second round where the first had begun.
  expect(slow.values).toEqual(quick.values);
  expect(slow.values.length).toBeGreaterThan(0);
});

test('buffers: as many bytes as the problem explains, and no more however long it runs', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, mulberry32, watchBuffers, Lanczos } = window.edgescope;
    const { engine } = await webGpu();
    const census = watchBuffers(engine.gpuDevice);
    const uniform = mulberry32(9);
    const examples = 100;
    const sizes = [48, 20, 20, 10];
    const network = { sizes, biases: [true, true, true], activation: 'tanh' as const };
    const inputs = Float64Array.from({ length: 48 * examples }, uniform);
    const problem = { network, loss: 'mse' as const, examples, inputs, targets: new Float64Array(10 * examples) };
    const landscape = await engine.landscape(problem);
    const [theta, g] = landscape.basis(2);
    const [height, eta] = landscape.scalars(2);
    landscape.write(eta, [0.01]);
    landscape.write(
      theta,
      Float64Array.from({ length: landscape.dimension }, () => uniform() - 0.5),
    );
    const lanczos = new Lanczos(landscape, 12);
    const product = (v: typeof theta, out: typeof theta): void => landscape.hessianProduct(v, out);
    const round = async (): Promise<number> => {
      for (let i = 0; i < 10; i++) {
        landscape.gradient(theta, g, height);
        landscape.axpy(-1, eta, g, theta);
      }
      landscape.linearise(theta);
      const start = new Float64Array(landscape.dimension).fill(1);
      await lanczos.run(product, start, { wanted: 1, tolerance: 0, batch: 12 }, () => undefined);
      return census.bytes();
    };
    const bytes: number[] = [];
    for (let i = 0; i < 5; i++) bytes.push(await round());
    const staging = census.staging();
    engine.dispose();
    return { bytes, staging, parameters: landscape.dimension, examples, sizes };
  });
  const { examples, sizes, parameters } = result;
  const rows = sizes.slice(1).reduce((sum, width) => sum + width, 0);
  // a, φ′, δ for a gradient; a, φ′, φ″ e, δ for products; ȧ, δ̇ of a product.
  const activations = (3 + 4 + 2) * 4 * rows * examples;
  const data = 4 * (sizes[0] + sizes[3]) * examples;
  // θ and g here, the θ of `linearise`, 12 + 1 of Lanczos.
  const vectors = (2 + 1 + 13) * 4 * parameters;
  const expected = activations + data + vectors;
  expect(result.bytes[0]).toBeGreaterThan(expected);
  // Beyond it: losses, partial sums, scalars and the padding of each.
  expect(result.bytes[0]).toBeLessThan(1.6 * expected);
  expect(result.bytes).toEqual(Array(5).fill(result.bytes[0]));
  expect(result.staging).toBeLessThan(4);
});

test('pipelines are compiled once for a problem, kept over a restart, and let go when many problems have passed', async ({
  page,
}) => {
  const compiled = await page.evaluate(async () => {
    const { webGpu } = window.edgescope;
    const { engine } = await webGpu();
    let count = 0;
    const compile = engine.gpuDevice.createComputePipelineAsync.bind(engine.gpuDevice);
    engine.gpuDevice.createComputePipelineAsync = (descriptor) => {
      count++;
      return compile(descriptor);
    };
    /** Pipelines compiled to open a linear model of so many inputs, which is then disposed of. */
    const opened = async (width: number): Promise<number> => {
      const network = { sizes: [width, 1], biases: [false], activation: 'linear' as const };
      const inputs = new Float64Array(width);
      count = 0;
      const problem = { network, loss: 'mse' as const, examples: 1, inputs, targets: new Float64Array(1) };
      (await engine.landscape(problem)).dispose();
      return count;
    };
    const first = await opened(1);
    const again = await opened(1);
    const others: number[] = [];
    for (let width = 2; width < 40; width++) others.push(await opened(width));
    const last = await opened(39);
    const forgotten = await opened(1);
    engine.dispose();
    return { first, again, others, last, forgotten };
  });
  expect(compiled.first).toBeGreaterThan(3);
  expect(compiled.again).toBe(0);
  expect(Math.min(...compiled.others)).toBeGreaterThan(3);
  expect(compiled.last).toBe(0);
  expect(compiled.forgotten).toBe(compiled.others[0]); // less than at first: some code is the same for all
});
