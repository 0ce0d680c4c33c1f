/**
 * What the page claims, on whole runs: gradient descent brings the sharpness to the edge of stability and leaves it
 * there (Cohen et al. 2021); mini-batches keep it below, the lower the smaller they are (Jastrzębski et al. 2020;
 * Andreyev & Beneventano 2024). Midpoint λ₁ is the curvature between two steps, which period-2 oscillation does not touch;
 * its mean over a long plateau, as a fraction of 2/η, must be one.
 */
import { describe, expect, it } from 'vitest';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import { begin, goOn } from './run.testing';

const SEEDS = [1, 2, 3, 4, 5];
const [LEAST, MOST] = [0.99, 1.05];
/** The last of the runs below to get there, η = 0.05 with seed 5, does so at step 1352. */
const LATEST_EDGE = 1500;
/** The plateau, in steps past the edge. */
const [FROM, TO] = [500, 1500];
const EVERY = 5;

interface Plateau {
  readonly seed: number;
  /** The step at which the edge was reached. */
  readonly edge: number;
  /** Mean of midpoint λ₁η/2 over the plateau. */
  readonly mean: number;
}

/** The default demo with this η and seed. Throws where no edge is reached or the run ends before the plateau does. */
async function plateauOf(lr: number, seed: number): Promise<Plateau> {
  const trial = await begin({ ...DEFAULT_EXPERIMENT, lr, seed });
  const edgeOf = (): number | undefined => trial.markers.find(({ kind }) => kind === 'edge-reached')?.step;
  while (edgeOf() === undefined && trial.run.step < LATEST_EDGE && trial.run.divergedAt === null) {
    await goOn(trial, trial.run.step + 50, EVERY);
  }
  const edge = edgeOf();
  if (edge === undefined) throw new Error(`η = ${lr}, seed ${seed}: no edge by step ${trial.run.step}.`);
  await goOn(trial, edge + TO, EVERY);
  const inside = trial.samples.filter(({ step }) => step >= edge + FROM && step <= edge + TO);
  const ratios = inside.map(({ values }) => ((values.get('hessian.midpoint.lambda1') ?? NaN) * lr) / 2);
  if (ratios.length < (TO - FROM) / EVERY) throw new Error(`η = ${lr}, seed ${seed}: only ${ratios.length} samples.`);
  return { seed, edge, mean: ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length };
}

describe('from 500 to 1500 steps past the edge, midpoint λ₁η/2 has its mean in [0.99, 1.05]', () => {
  it.each([0.05, 0.1, 0.2, 0.3])('η = %d: on seed 1 and on at least four of seeds 1 to 5', async (lr) => {
    const plateaus: Plateau[] = [];
    for (const seed of SEEDS) plateaus.push(await plateauOf(lr, seed));
    const outside = plateaus.filter(({ mean }) => !(mean >= LEAST && mean <= MOST));
    expect(outside.length, JSON.stringify(plateaus)).toBeLessThanOrEqual(1);
    expect(outside.map(({ seed }) => seed)).not.toContain(1);
  });
});

describe('under mini-batches λ₁ settles below 2/η, and lower for smaller ones', () => {
  const lr = 0.1;

  /** Mean and largest λ₁η/2 of the default demo over steps 1000 to 2500. */
  async function settled(batch: number, seed: number): Promise<{ mean: number; most: number }> {
    const trial = await begin({ ...DEFAULT_EXPERIMENT, opt: 'sgd', batch, lr, seed });
    await trial.run.advance(1000);
    await goOn(trial, 2500, 15);
    const ratios = trial.samples.map(({ spectrum }) => (spectrum.values[0] * lr) / 2);
    if (ratios.length !== 101) throw new Error(`b = ${batch}, seed ${seed}: ${ratios.length} samples.`);
    return { mean: ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length, most: Math.max(...ratios) };
  }

  it.each([1, 2, 3])('b = 4, 16 and all 200 (seed %i)', async (seed) => {
    const [four, sixteen, all] = [await settled(4, seed), await settled(16, seed), await settled(200, seed)];
    expect(four.mean).toBeLessThan(0.6);
    expect(four.most).toBeLessThan(0.8);
    expect(sixteen.mean).toBeGreaterThan(four.mean + 0.2);
    expect(sixteen.mean).toBeLessThan(0.92);
    expect(all.mean).toBeGreaterThan(0.97);
    expect(all.mean).toBeLessThan(1.05);
  });
});
