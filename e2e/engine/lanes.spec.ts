/**
 * Several runs at once on WebGPU: each lane, with a θ, an η and batches of its own, has the bits of the same run alone,
 * also where the dispatches of all lanes are cut into pieces and those of one lane are not.
 */
import type { Landscape } from '../../src/engine/landscape/landscape';
import { expect, test } from './support';

/** Operations of one dispatch: more than one lane's largest here has, fewer than sixteen lanes'. */
const MOST_FLOPS = 1_000_000;

for (const tuning of ['software', 'hardware'] as const) {
  test(`sixteen runs as lanes, each bit for bit as alone, whole and in pieces, made for ${tuning}`, async ({
    page,
  }) => {
    const result = await page.evaluate(
      async ([tuning, flops]) => {
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
        let dispatches = 0;
        const dispatch = GPUComputePassEncoder.prototype.dispatchWorkgroups;
        GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...size) {
          dispatches++;
          dispatch.apply(this, size);
        };

        /** A few steps on all examples and on batches, then a product and the vector algebra, for these lanes. */
        const run = async (landscape: Landscape, own: readonly number[]): Promise<number[][]> => {
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
        /** All lanes together, then each by itself. */
        const runs = async (most: { readonly flops?: number }) => {
          const { engine } = await webGpu({ tuning, most });
          const landscape = await engine.landscape(problem);
          const every = Array.from({ length: lanes }, (_, lane) => lane);
          dispatches = 0;
          const together = await run(landscape, every);
          const ofTogether = dispatches;
          const alone: number[][] = [];
          for (const lane of every) alone.push(...(await run(landscape, [lane])));
          engine.dispose();
          return { together, alone, ofTogether, ofAlone: (dispatches - ofTogether) / lanes };
        };
        const whole = await runs({});
        const cut = await runs({ flops });
        const unlike = (found: readonly number[][]): number[] =>
          found.flatMap((values, lane) =>
            values.length > 0 && values.every((x, i) => Object.is(x, whole.alone[lane][i])) ? [] : [lane],
          );
        return {
          unlike: [whole.together, cut.together, cut.alone].map(unlike),
          losses: whole.together.map(([loss]) => loss),
          dispatches: {
            whole: whole.ofTogether,
            wholeAlone: whole.ofAlone,
            cut: cut.ofTogether,
            cutAlone: cut.ofAlone,
          },
        };
      },
      [tuning, MOST_FLOPS] as const,
    );
    expect(result.unlike).toEqual([[], [], []]);
    expect(result.dispatches.cutAlone).toBe(result.dispatches.wholeAlone);
    expect(result.dispatches.cut).toBeGreaterThan(result.dispatches.whole);
    expect(new Set(result.losses).size).toBe(16);
    expect(result.losses.every((loss) => loss > 0 && loss < 10)).toBe(true);
  });
}
