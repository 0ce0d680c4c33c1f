/** Mini-batches on WebGPU: losses, gradients and products over a batch's own examples, by lanes, and many a submission. */
import { expect, test } from './support';

/** A batch of one lane for all, or of one for each lane of θ, and the other way round. */
const LANES = [
  { thetas: 1, batches: 1 },
  { thetas: 1, batches: 3 },
  { thetas: 3, batches: 1 },
  { thetas: 3, batches: 3 },
] as const;

for (const tuning of ['software', 'hardware'] as const) {
  for (const loss of ['mse', 'ce'] as const) {
    test(`${loss}, cut for ${tuning}: batches of odd sizes agree with f64, by lanes of θ and of the batch`, async ({
      page,
    }) => {
      const worst = await page.evaluate(
        async ({ tuning, loss, lanes }) => {
          const { webGpu, mulberry32, parameterCount, reference, pick } = window.edgescope;
          const uniform = mulberry32(23);
          const random = (length: number): Float64Array =>
            Float64Array.from({ length }, () => Math.fround(2 * uniform() - 1));
          const network = { sizes: [3, 9, 4, 2], biases: [true, false, true], activation: 'tanh' as const };
          const examples = 37;
          const targets = random(2 * examples);
          if (loss === 'ce') targets.forEach((_, i) => (targets[i] = (i >> 1) % 2 === i % 2 ? 1 : 0));
          const problem = { network, loss, examples, inputs: random(3 * examples), targets };
          const size = parameterCount(network);
          const { engine } = await webGpu({ tuning });
          const landscape = await engine.landscape(problem);
          let worst = 0;
          const compare = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
            const scale = Math.max(...Array.from(expected, Math.abs));
            for (let i = 0; i < expected.length; i++) {
              const difference = Math.abs(actual[i] - expected[i]) / scale;
              worst = difference <= worst ? worst : difference;
            }
          };
          for (const { thetas, batches } of lanes) {
            const out = Math.max(thetas, batches);
            const values = random(thetas * size);
            const probes = random(out * size);
            const theta = landscape.vector(thetas);
            const [g, v, hv] = landscape.basis(3, out);
            const [height, value] = landscape.scalars(2, out);
            landscape.write(theta, values);
            landscape.write(v, probes);
            // Drawn with replacement: the larger ones take some examples more than once.
            for (const batchSize of [1, 6, 16, 37]) {
              const made = landscape.batches(3, batchSize, batches);
              const chosen = Uint32Array.from({ length: 3 * batches * batchSize }, () => uniform() * examples);
              landscape.choose(made, chosen);
              // What is kept outlives gradients and values elsewhere and on other batches.
              landscape.linearise(theta, made[1]);
              landscape.value(theta, value, made[0]);
              landscape.gradient(theta, g, height, made[2]);
              landscape.hessianProduct(v, hv);
              const [[...values0], [...heights], gradients, products] = await landscape.read([value], [height], g, hv);
              for (let lane = 0; lane < out; lane++) {
                const own = (values: Float64Array, count: number): Float64Array => {
                  const at = count === 1 ? 0 : lane;
                  return values.subarray(at * size, (at + 1) * size);
                };
                const on = (batch: number) => {
                  const from = (batch * batches + (batches === 1 ? 0 : lane)) * batchSize;
                  const part = pick(problem, chosen.subarray(from, from + batchSize));
                  return reference(part, own(values, thetas), own(probes, out), Math);
                };
                compare([values0[lane]], [on(0).loss]);
                compare([heights[lane]], [on(2).loss]);
                compare(own(gradients, out), on(2).gradient);
                compare(own(products, out), on(1).product);
              }
            }
          }
          engine.dispose();
          return worst;
        },
        { tuning, loss, lanes: LANES },
      );
      expect(worst).toBeLessThan(3e-6);
    });
  }
}

test('64 steps with 64 batches: one choice, few submissions, and the path of f64', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureC, mulberry32, reference, pick } = window.edgescope;
    // The stream takes its work to be done in no time, so that its submissions are as long as they may be.
    performance.now = () => 0;
    const { problem, theta } = fixtureC(Math);
    const { engine } = await webGpu();
    const landscape = await engine.landscape(problem);
    const [at, g] = landscape.basis(2);
    const [eta, height] = landscape.scalars(2);
    landscape.write(at, theta);
    landscape.write(eta, [0.05]);
    const uniform = mulberry32(5);
    const size = 10;
    const batches = landscape.batches(64, size);
    const step = (batch: (typeof batches)[number]): void => {
      landscape.gradient(at, g, height, batch);
      landscape.axpy(-1, eta, g, at);
    };
    batches.forEach(step); // compiles, and all batches are still of example 0
    await landscape.read(at);
    landscape.write(at, theta);
    const chosen = Uint32Array.from({ length: 64 * size }, () => uniform() * problem.examples);
    const { queue } = engine.gpuDevice;
    const counts = { submit: 0, write: 0 };
    const submit = queue.submit.bind(queue);
    queue.submit = (buffers) => {
      counts.submit++;
      return submit(buffers);
    };
    const write = queue.writeBuffer.bind(queue);
    queue.writeBuffer = (...given: Parameters<typeof write>) => {
      counts.write++;
      return write(...given);
    };
    landscape.choose(batches, chosen);
    batches.forEach(step);
    const [found] = await landscape.read(at);
    engine.dispose();
    const expected = Float64Array.from(theta);
    const still = new Float64Array(theta.length);
    batches.forEach((_, i) => {
      const { gradient } = reference(pick(problem, chosen.subarray(i * size, (i + 1) * size)), expected, still, Math);
      gradient.forEach((slope, j) => (expected[j] -= 0.05 * slope));
    });
    const moved = Math.max(...expected.map((x, i) => Math.abs(x - theta[i])));
    const off = Math.max(...expected.map((x, i) => Math.abs(x - found[i])));
    return { counts, moved, off };
  });
  expect(result.moved).toBeGreaterThan(0.05);
  expect(result.off / result.moved).toBeLessThan(1e-5);
  expect(result.counts.write).toBe(1);
  expect(result.counts.submit).toBeLessThanOrEqual(4);
});

test('what is no batch of this landscape, or does not fit it, is refused at once', async ({ page }) => {
  const messages = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const { problem } = fixtureA('mse', Math);
    const [ours, theirs] = [await engine.landscape(problem), await engine.landscape(problem)];
    const theta = ours.vector(2);
    const [height] = ours.scalars(1, 2);
    const batches = ours.batches(3, 2, 2);
    const foreign = theirs.batches(1, 2);
    const attempts: Record<string, () => void> = {
      foreign: () => ours.value(theta, height, foreign[0]),
      foreignChoice: () => ours.choose(foreign, new Uint32Array(2)),
      tooFew: () => ours.choose(batches, new Uint32Array(11)),
      outside: () => ours.choose(batches, new Uint32Array(12).fill(4)),
      apart: () => ours.choose([batches[0], batches[2]], new Uint32Array(8)),
      tooLarge: () => ours.batches(1, 5),
      fraction: () => ours.batches(1, 2.5),
      noLanes: () => ours.batches(1, 2, 0),
      lanes: () => ours.value(theta, height, ours.batches(1, 2, 3)[0]),
      out: () => ours.value(ours.vector(1), ours.scalars(1)[0], batches[0]),
    };
    const messages: Record<string, string> = {};
    for (const [name, attempt] of Object.entries(attempts)) {
      try {
        attempt();
        messages[name] = 'nothing';
      } catch (thrown) {
        messages[name] = (thrown as Error).message;
      }
    }
    engine.dispose();
    return messages;
  });
  expect(messages).toEqual({
    foreign: 'this batch belongs to another landscape',
    foreignChoice: 'this batch belongs to another landscape',
    tooFew: '11 examples do not fit 3 batches of 2 × 2',
    outside: 'there is no example 4 among 4',
    apart: 'the batches do not lie in a row',
    tooLarge: 'batches of 5 from 4 examples',
    fraction: 'batches of 2.5 from 4 examples',
    noLanes: '1 batches on 0 lanes',
    lanes: '3 lanes of a batch do not meet 2 of θ',
    out: '2 lanes do not go into 1',
  });
});
