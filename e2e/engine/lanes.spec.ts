/** Several runs at once on WebGPU: each lane, with a θ, an η and batches of its own, has the bits of the same run alone. */
import { expect, test } from './support';

for (const tuning of ['software', 'hardware'] as const) {
  test(`sixteen runs as lanes, each bit for bit as alone, made for ${tuning}`, async ({ page }) => {
    const result = await page.evaluate(async (tuning) => {
      const { webGpu, mulberry32, parameterCount } = window.edgescope;
      const lanes = 16;
      const uniform = mulberry32(31);
      const random = (length: number): Float64Array =>
        Float64Array.from({ length }, () => Math.fround(2 * uniform() - 1));
      // So many examples that their sums are cut into chunks on both kinds of adapter.
      const examples = 2100;
      const network = { sizes: [2, 12, 1], biases: [true, true], activation: 'tanh' as const };
      const problem = {
        network,
        loss: 'mse' as const,
        examples,
        inputs: random(2 * examples),
        targets: random(examples),
      };
      const size = parameterCount(network);
      const thetas = random(lanes * size);
      const probes = random(lanes * size);
      const rates = Float64Array.from({ length: lanes }, (_, lane) => 0.02 * (lane + 1));
      const batchSize = 30;
      const steps = 6;
      const chosen = Array.from({ length: lanes }, () =>
        Uint32Array.from({ length: steps * batchSize }, () => uniform() * examples),
      );
      const { engine } = await webGpu({ tuning });
      const landscape = await engine.landscape(problem);

      /** A few steps on all examples and on batches, then a product and the vector algebra, for these lanes. */
      const run = async (own: readonly number[]): Promise<number[][]> => {
        const part = (values: Float64Array, length: number): Float64Array =>
          Float64Array.from(own.flatMap((lane) => [...values.subarray(lane * length, (lane + 1) * length)]));
        const [theta, g, v, hv, unit] = landscape.basis(5, own.length);
        const basis = landscape.basis(2, own.length);
        const [eta, loss, batchLoss, dot, norm, length] = landscape.scalars(6, own.length);
        const batches = landscape.batches(steps, batchSize, own.length);
        landscape.write(theta, part(thetas, size));
        landscape.write(v, part(probes, size));
        landscape.write(eta, part(rates, 1));
        const examplesOf = (step: number, lane: number): Uint32Array =>
          chosen[lane].subarray(step * batchSize, (step + 1) * batchSize);
        landscape.choose(
          batches,
          Uint32Array.from(batches.flatMap((_, step) => own.flatMap((lane) => [...examplesOf(step, lane)]))),
        );
        for (const batch of batches) {
          landscape.gradient(theta, g, loss);
          landscape.axpy(-1, eta, g, theta);
          landscape.gradient(theta, g, batchLoss, batch);
          landscape.axpy(-1, eta, g, theta);
        }
        landscape.linearise(theta, batches[0]);
        landscape.hessianProduct(v, hv);
        landscape.linearise(theta);
        landscape.hessianProduct(hv, v);
        landscape.dot(v, hv, dot);
        landscape.norm(v, norm);
        landscape.normalise(v, unit, length, norm);
        landscape.copy(g, basis[0]);
        landscape.copy(hv, basis[1]);
        landscape.orthogonalise(v, basis, 2);
        const vectors = [theta, hv, v, unit];
        const scalars = [loss, batchLoss, dot, norm, length];
        const found = await landscape.read(scalars, ...vectors);
        return own.map((_, lane) => {
          const values = [...found[0]].filter((_, i) => i % own.length === lane);
          for (const vector of found.slice(1)) values.push(...vector.subarray(lane * size, (lane + 1) * size));
          return values;
        });
      };
      const together = await run(Array.from({ length: lanes }, (_, lane) => lane));
      const unlike: number[] = [];
      for (let lane = 0; lane < lanes; lane++) {
        const [alone] = await run([lane]);
        if (!alone.every((x, i) => Object.is(x, together[lane][i]))) unlike.push(lane);
      }
      engine.dispose();
      return { unlike, losses: together.map(([loss]) => loss) };
    }, tuning);
    expect(result.unlike).toEqual([]);
    expect(new Set(result.losses).size).toBe(16);
    expect(result.losses.every((loss) => loss > 0 && loss < 10)).toBe(true);
  });
}
