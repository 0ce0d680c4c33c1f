/** Several runs at once, as lanes of one landscape: each has the bits it has alone, whatever the others do. */
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../experiment/experiment';
import { BatchDraws, MiniBatches } from '../batches';
import { generate } from '../data/generators';
import { createWasmEngine } from '../landscape/wasm/engine';
import { readKernels } from '../landscape/wasm/node';
import { initialise } from '../network/initialise';
import { problemOf } from '../network/network';
import { SMALL, math, trial } from '../run.testing';
import { OPTIMIZER_FACTORIES } from '.';

const STEPS = 90;
/** Written at once: more than one stretch of steps. */
const STRETCH = 32;
/** The same data in every lane; weights, batches and η of its own. The last diverges. */
const LANES = [
  { seed: 1, lr: 0.02 },
  { seed: 2, lr: 0.05 },
  { seed: 3, lr: 0.05 },
  { seed: 1, lr: 0.1 },
  { seed: 7, lr: 30 },
];

const CASES: readonly (readonly [string, Experiment])[] = [
  ['gradient descent', SMALL],
  ['SGD in shuffled epochs', { ...SMALL, opt: 'sgd', batch: 9 }],
  ['SGD with replacement', { ...SMALL, opt: 'sgd', batch: 9, sampling: 'replacement' }],
  ['SGD on single examples, f64', { ...SMALL, opt: 'sgd', batch: 1, precision: 'f64' }],
];

describe('lanes', () => {
  it.each(CASES)('are each the same run alone, to the bit: %s', async (_, shared) => {
    const experiment = { ...shared, dseed: 5 };
    const engine = await createWasmEngine(await readKernels(), experiment.precision);
    const { problem, batchSize } = problemOf(experiment, generate(experiment, math));
    const landscape = await engine.landscape(problem);
    const P = landscape.dimension;

    const theta = landscape.vector(LANES.length);
    const { init, scale, sampling } = experiment;
    const start = LANES.map(({ seed }) => initialise(problem.network, init, scale, seed, math));
    landscape.write(
      theta,
      start.flatMap((lane) => [...lane]),
    );
    const optimizer = OPTIMIZER_FACTORIES[experiment.opt](landscape, LANES.length);
    optimizer.setLearningRate(LANES.map(({ lr }) => lr));
    const [loss] = landscape.scalars(1, LANES.length);
    const { examples } = problem;
    const draws = LANES.map(({ seed }) => new BatchDraws(math, { seed, examples, size: batchSize ?? 1, sampling }));
    const batches = batchSize === null ? null : new MiniBatches(landscape, draws, STRETCH);
    for (let step = 0; step < STEPS; step++) {
      if (step % STRETCH === 0) batches?.load(step, STRETCH);
      optimizer.step(theta, loss, batches?.at(step));
    }
    const [together] = await landscape.read(theta);

    for (const [i, { seed, lr }] of LANES.entries()) {
      const alone = await trial({ ...experiment, seed, lr }, STEPS, 0);
      const lane = together.subarray(i * P, (i + 1) * P);
      if (lr > 1) {
        expect(alone.run.divergedAt).not.toBeNull();
        expect(lane.every((x) => Math.abs(x) < 1e6)).toBe(false);
      } else {
        expect(alone.run.divergedAt).toBeNull();
        expect([...lane]).toEqual([...(await alone.run.theta())]);
      }
    }
  });

  it('share one η where one is given', async () => {
    const engine = await createWasmEngine(await readKernels(), 'f32');
    const landscape = await engine.landscape(problemOf(SMALL, generate(SMALL, math)).problem);
    const [one, listed] = [landscape.vector(2), landscape.vector(2)];
    const [loss] = landscape.scalars(1, 2);
    for (const [theta, lr] of [
      [one, 0.3],
      [listed, [0.3, 0.3]],
    ] as const) {
      const [first, second] = [3, 4].map((seed) => initialise(landscape.problem.network, 'lecun', 1, seed, math));
      landscape.write(theta, [...first, ...second]);
      const optimizer = OPTIMIZER_FACTORIES.gd(landscape, 2);
      optimizer.setLearningRate(lr);
      for (let step = 0; step < 5; step++) optimizer.step(theta, loss);
    }
    const [a, b] = await landscape.read(one, listed);
    expect(a).toEqual(b);
  });
});
