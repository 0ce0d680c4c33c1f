/** Runs on mini-batches: as reproducible as those on all examples, measured on the whole data set all the same. */
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../experiment/experiment';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import { BatchDraws } from './batches';
import { SMALL, begin, fingerprintOf, goOn, math, trial, type Trial } from './run.testing';

const EPOCHS: Experiment = { ...SMALL, opt: 'sgd', batch: 9, lr: 0.2 };
const REPLACEMENT: Experiment = { ...EPOCHS, sampling: 'replacement' };
/** Nearly all examples, so that the sharpness reaches 2/η. */
const LARGE: Experiment = { ...SMALL, opt: 'sgd', batch: 37 };
const BOTH = [
  ['epochs', EPOCHS],
  ['replacement', REPLACEMENT],
] as const;

describe.each(BOTH)('θ_t of mini-batch SGD (%s)', (_, experiment) => {
  it('follows the gradient of the batch of its step, and reports its loss', async () => {
    const { run } = await begin(experiment);
    const { landscape } = run;
    const [batch] = landscape.batches(1, 9);
    const gradient = landscape.vector();
    const losses = landscape.scalars(1);
    const draws = new BatchDraws(math, { seed: experiment.seed, examples: 40, size: 9, sampling: experiment.sampling });
    const examples = new Uint32Array(9);
    for (const step of [0, 1, 2, 70]) {
      await run.advance(step - run.step);
      draws.fill(step, examples);
      landscape.choose([batch], examples);
      const before = await run.theta();
      landscape.gradient(run.thetaVector, gradient, losses[0], batch);
      const [g] = await landscape.read(gradient);
      await run.advance(1);
      const after = await run.theta();
      const gap = after.map((x, i) => x - (before[i] - experiment.lr * g[i]));
      expect(Math.max(...gap.map(Math.abs))).toBeLessThan(1e-6);
      expect(Math.hypot(...g)).toBeGreaterThan(1e-3);
    }
  });

  it('does not depend on whether or how often it is measured', async () => {
    const unmeasured = await trial(experiment, 200, 0);
    const theta = await unmeasured.run.theta();
    for (const every of [1, 3, 64, 70, 200]) {
      expect(await (await trial(experiment, 200, every)).run.theta()).toEqual(theta);
    }
  });

  it('does not depend on how many steps are taken at a time, nor on what is kept or looked at between', async () => {
    const whole = await trial(experiment, 150, 0);
    const { run } = await begin(experiment);
    for (const count of [1, 63, 1, 65, 20]) {
      await run.advance(count);
      await run.keep();
      await run.eigenvectors();
    }
    expect(await run.theta()).toEqual(await whole.run.theta());
  });

  it('does not depend on steps that something urgent cut short', async () => {
    let urgent = false;
    const { run } = await begin(experiment, null, { breathe: () => Promise.resolve(), urgent: () => urgent });
    const going = run.advance(40);
    urgent = true;
    const taken = await going;
    expect(taken).toBeLessThan(40);
    urgent = false;
    await run.advance(40 - taken);
    expect(await run.theta()).toEqual(await (await trial(experiment, 40, 0)).run.theta());
  });

  it('is the same for changes of η on record and by hand, and after going back', async () => {
    const recorded = await trial({ ...experiment, at: [{ step: 50, lr: 0.1 }] }, 130, 1);
    const byHand = await begin(experiment);
    await goOn(byHand, 50, 7);
    await byHand.run.change(0.3);
    await byHand.run.advance(33);
    expect(await byHand.run.undo()).toBe(50);
    await byHand.run.change(0.1);
    await byHand.run.advance(80);
    expect(await byHand.run.theta()).toEqual(await recorded.run.theta());
  });

  it('goes on bit for bit from a checkpoint', async () => {
    const truth = await trial(experiment, 120, 1);
    for (const step of [0, 1, 37, 64, 90]) {
      const first = await trial(experiment, step, 5);
      const { theta, changes, edge } = await first.run.keep();
      const second = await begin(experiment, structuredClone({ step, theta, changes, edge }));
      await goOn(second, 120, 3);
      expect(await second.run.theta()).toEqual(await truth.run.theta());
    }
  });

  it('diverges at the same step whatever the cadence, and goes back to its last good state', async () => {
    const steps = new Set<number | null>();
    for (const every of [0, 1, 2, 5, 64]) {
      const { run, markers } = await trial({ ...experiment, lr: 2 }, 300, every);
      steps.add(run.divergedAt);
      expect(markers.at(-1)).toMatchObject({ kind: 'divergence', step: run.divergedAt });
      expect(await run.theta()).toEqual(await (await begin(experiment)).run.theta());
      expect(await run.undo()).toBe(0);
    }
    expect(steps.size).toBe(1);
    expect([...steps][0]).toBeGreaterThan(1);
  });

  it('is another one for another seed of the draws', async () => {
    // The weights differ as well; the batches alone do where the run is taken up from given weights.
    const { theta, edge } = await (await begin(experiment)).run.keep();
    const from = { step: 0, theta, edge, changes: [] };
    const [one, other] = [await begin(experiment, from), await begin({ ...experiment, seed: 2, dseed: 1 }, from)];
    expect(await other.run.theta()).toEqual(await one.run.theta());
    await one.run.advance(1);
    await other.run.advance(1);
    expect(await other.run.theta()).not.toEqual(await one.run.theta());
  });
});

describe('mini-batch SGD', () => {
  it.each([
    ['epochs', 32, 'd777cbcb933c8ab8def534c63746af4eebdcd4d30d3db4f722e5e5199e8105d4'],
    ['replacement', 16, '7cb0e856abce9687acafed1b80af15e2e7209e9628e05ac9df2f208603db48c9'],
  ] as const)(
    'is the same to the bit for ever (default demo, %s, b = %i, step 300)',
    async (sampling, batch, print) => {
      const { run } = await trial({ ...DEFAULT_EXPERIMENT, opt: 'sgd', batch, sampling }, 300, 0);
      expect(await fingerprintOf(run)).toBe(print);
    },
  );

  it('with all examples in a batch is gradient descent, to the bit', async () => {
    const descent = await trial(SMALL, 100, 5);
    const { run, samples, markers } = await trial({ ...SMALL, opt: 'sgd', batch: 40 }, 100, 5);
    expect(run.draws).toBeNull();
    expect(await run.theta()).toEqual(await descent.run.theta());
    expect(samples).toEqual(descent.samples);
    expect(markers).toEqual(descent.markers);
    const drawn = await trial({ ...SMALL, opt: 'sgd', batch: 40, sampling: 'replacement' }, 100, 0);
    expect(drawn.run.draws?.size).toBe(40);
    expect(await drawn.run.theta()).not.toEqual(await run.theta());
  });

  it('is measured on all examples: loss, gradient and curvature', async () => {
    const { run } = await begin(EPOCHS);
    await run.advance(30);
    const { theta, edge } = await run.keep();
    const sample = await run.measure();
    // The same θ in a run of gradient descent.
    const descent = await begin({ ...SMALL, lr: 0.2 }, { step: 30, theta, edge, changes: [] });
    const full = await descent.run.measure();
    expect(sample?.spectrum).toEqual(full?.spectrum);
    for (const id of ['loss.train', 'gradient.norm', 'threshold', 'hessian.lambda1'] as const) {
      expect(sample?.values.get(id)).toBe(full?.values.get(id));
    }
    expect(sample?.values.get('hessian.midpoint.lambda1')).not.toBe(full?.values.get('hessian.midpoint.lambda1'));
  });

  it('has its midpoint half-way between this θ and the next', async () => {
    const { run } = await begin({ ...EPOCHS, batch: 2 });
    await run.advance(40);
    const { theta: before, edge } = await run.keep();
    const sample = await run.measure();
    await run.advance(1);
    const after = await run.theta();
    const theta = before.map((x, i) => (x + after[i]) / 2);
    const there = await begin({ ...SMALL, lr: 1e-6 }, { step: 40, theta, edge, changes: [] });
    const expected = (await there.run.measure())?.spectrum.values[0] ?? NaN;
    const found = sample?.values.get('hessian.midpoint.lambda1') ?? NaN;
    expect(found / expected).toBeCloseTo(1, 5);
    expect(Math.abs(found / (sample?.spectrum.values[0] ?? NaN) - 1)).toBeGreaterThan(1e-3);
  });

  it('replays its own batches to find the edge between two samples', async () => {
    const edges = ({ markers }: Trial) => markers.filter(({ kind }) => kind === 'edge-reached');
    const truth = await trial(LARGE, 198, 1);
    const isBeyond = (step: number): boolean => truth.samples[step].spectrum.values[0] >= 2 / LARGE.lr;
    for (const every of [1, 5, 11, 33]) {
      const seldom = await trial(LARGE, 198, every);
      let sampled = every;
      while (!isBeyond(sampled)) sampled += every;
      let step = sampled - every + 1;
      while (!isBeyond(step)) step++;
      const { values, residuals } = truth.samples[step].spectrum;
      expect(edges(seldom)).toEqual([{ kind: 'edge-reached', step, value: values[0], band: residuals[0] }]);
      expect(await seldom.run.theta()).toEqual(await truth.run.theta());
    }
  });
});
