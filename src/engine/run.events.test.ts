/** What happens to a run: changes of η, going back, divergence, being taken up again, being cut short. */
import { describe, expect, it } from 'vitest';
import type { Change } from '../experiment/experiment';
import { Interrupted } from './breathe';
import { SMALL, begin, fingerprintOf, goOn, trial } from './run.testing';

describe('changes', () => {
  const at: Change[] = [
    { step: 50, lr: 0.3 },
    { step: 90, lr: 0.05 },
    { step: 91, lr: 0.4 },
  ];

  it('on record equal the same changes by hand, in θ, markers and samples', async () => {
    const recorded = await trial({ ...SMALL, at }, 130, 1);
    const byHand = await begin(SMALL);
    for (const { step, lr } of at) {
      await goOn(byHand, step, 1);
      byHand.samples.pop(); // measured before the change; measured again after it
      expect(await byHand.run.change(lr)).toEqual({ step, lr });
    }
    await goOn(byHand, 130, 1);
    expect(await byHand.run.theta()).toEqual(await recorded.run.theta());
    expect(byHand.markers).toEqual(recorded.markers);
    expect(byHand.samples).toEqual(recorded.samples);
    expect(byHand.run.changes).toEqual(at);
    expect(recorded.run.lr).toBe(0.4);
  });

  it('are in force from their step on, at step 0 too', async () => {
    const { run } = await begin({ ...SMALL, lr: 0.1, at: [{ step: 0, lr: 0.4 }] });
    expect(run.lr).toBe(0.4);
    await run.advance(20);
    expect(await fingerprintOf(run)).toBe(await fingerprintOf((await trial(SMALL, 20, 0)).run));
  });

  it('void what was on record for later', async () => {
    const { run } = await begin({ ...SMALL, at });
    await run.advance(60);
    await run.change(0.2);
    expect(run.changes).toEqual([at[0], { step: 60, lr: 0.2 }]);
    await run.advance(60);
    expect(run.lr).toBe(0.2);
  });
});

describe('undo', () => {
  it('has nothing to do without a change', async () => {
    const { run } = await begin(SMALL);
    await run.advance(3);
    expect(await run.undo()).toBeNull();
    expect(run.step).toBe(3);
  });

  it('returns to the bits before the change, and the run goes on as if it had never been', async () => {
    const plain = await trial(SMALL, 120, 0);
    const { run } = await begin(SMALL);
    await run.advance(70);
    const theta = await run.theta();
    await run.change(0.1);
    await run.advance(30);
    expect(await run.undo()).toBe(70);
    expect(await run.theta()).toEqual(theta);
    expect([run.step, run.lr, run.changes]).toEqual([70, 0.4, []]);
    await run.advance(50);
    expect(await run.theta()).toEqual(await plain.run.theta());
    expect(await run.undo()).toBeNull();
  });

  it('takes back two changes at one step together, and changes at different steps one by one', async () => {
    const { run } = await begin(SMALL);
    await run.advance(10);
    await run.change(0.1);
    await run.change(0.2);
    expect(run.changes).toEqual([{ step: 10, lr: 0.2 }]);
    await run.advance(10);
    await run.change(0.3);
    await run.advance(10);
    expect(await run.undo()).toBe(20);
    expect([run.lr, run.changes]).toEqual([0.2, [{ step: 10, lr: 0.2 }]]);
    expect(await run.undo()).toBe(10);
    expect([run.lr, run.changes]).toEqual([0.4, []]);
    expect(await run.undo()).toBeNull();
  });

  it.each([false, true])(
    'brings back what the link had on record for later (checkpoint after the change: %s)',
    async (kept) => {
      const at = [{ step: 50, lr: 0.3 }];
      const truth = await trial({ ...SMALL, at }, 80, 0);
      const { run } = await begin({ ...SMALL, at });
      await run.advance(20);
      await run.change(0.1);
      if (kept) await run.keep();
      await run.advance(5);
      expect(await run.undo()).toBe(20);
      expect(run.changes).toEqual(at);
      await run.advance(60);
      expect(await run.theta()).toEqual(await truth.run.theta());
    },
  );

  it('also takes back a change on record, and the marker state with it', async () => {
    const trialled = await trial({ ...SMALL, at: [{ step: 50, lr: 0.3 }] }, 80, 1);
    expect(await trialled.run.undo()).toBe(50);
    expect(trialled.run.changes).toEqual([]);
    const before = trialled.markers.length;
    await goOn(trialled, 80, 1);
    // The edge of η = 0.4 had been reached before step 50: it is not reached again.
    expect(trialled.markers.length).toBe(before);
  });
});

describe('divergence', () => {
  it('is noticed at its step, keeps the last good θ and can be left by undo', async () => {
    const stable = await begin(SMALL);
    await stable.run.advance(20);
    await stable.run.keep();
    const good = await stable.run.theta();
    await stable.run.change(2);
    const taken = await stable.run.advance(500);
    const { run, markers } = stable;
    expect(run.divergedAt).toBe(run.step);
    expect(taken).toBe(run.step - 20);
    expect(run.step).toBeLessThan(60);
    expect(markers.at(-1)).toMatchObject({ kind: 'divergence', step: run.step });
    expect(await run.theta()).toEqual(good);
    expect(await run.advance(10)).toBe(0);
    expect(await run.undo()).toBe(20);
    expect([run.divergedAt, run.lr, run.step]).toEqual([null, 0.4, 20]);
    await run.advance(100);
    expect(await fingerprintOf(run)).toBe(await fingerprintOf((await trial(SMALL, 120, 0)).run));
  });

  it('from the first η goes back to the start', async () => {
    const { run, markers } = await trial({ ...SMALL, lr: 2 }, 500, 1);
    expect(run.divergedAt).toBe(6);
    expect(markers.filter(({ kind }) => kind === 'divergence')).toEqual([
      { kind: 'divergence', step: 6, value: expect.any(Number) as number, band: null },
    ]);
    expect(await run.theta()).toEqual(await (await begin(SMALL)).run.theta());
    expect(await run.undo()).toBe(0);
    expect(await run.undo()).toBeNull();
  });

  it('is at the same step whatever the cadence and the step at which one looks', async () => {
    for (const every of [0, 2, 5, 64]) expect((await trial({ ...SMALL, lr: 2 }, 300, every)).run.divergedAt).toBe(6);
  });

  it.each([5, 6, 7, 8])('at or before a change on record (step %i) passes no change and can be left', async (step) => {
    const { run, markers } = await trial({ ...SMALL, lr: 2, at: [{ step, lr: 0.1 }] }, 300, 0);
    const changed = markers.filter(({ kind }) => kind === 'change').length;
    expect(changed).toBe(step <= 6 ? 1 : 0);
    if (run.divergedAt === null) return;
    expect(await run.theta()).toEqual(await (await begin(SMALL)).run.theta());
    const back = await run.undo();
    expect(run.divergedAt).toBeNull();
    expect(back).toBeLessThanOrEqual(6);
    expect((await run.theta()).every(Number.isFinite)).toBe(true);
    expect(await fingerprintOf(run)).toBe(await fingerprintOf((await trial({ ...SMALL, lr: 2 }, back ?? -1, 0)).run));
  });

  it('is noticed by a measurement too', async () => {
    const { run } = await begin(SMALL);
    await run.advance(3);
    run.landscape.write(run.thetaVector, new Float64Array(run.landscape.dimension).fill(NaN));
    expect(await run.measure()).toBeNull();
    expect(run.divergedAt).toBe(3);
    expect((await run.theta()).every(Number.isFinite)).toBe(true);
  });
});

describe('resume', () => {
  it('goes on bit for bit, with the same edge', async () => {
    const experiment = { ...SMALL, at: [{ step: 100, lr: 0.3 }] };
    const truth = await trial(experiment, 180, 1);
    for (const step of [0, 20, 31, 32, 33, 100, 101, 130]) {
      const first = await trial(experiment, step, 1);
      const { theta, changes, edge } = await first.run.keep();
      const second = await begin(experiment, structuredClone({ step, theta, changes, edge }));
      expect([second.run.step, second.run.lr]).toEqual([step, first.run.lr]);
      await goOn(second, 180, 1);
      expect(await second.run.theta()).toEqual(await truth.run.theta());
      const all = [...first.markers, ...second.markers];
      expect(all).toEqual(truth.markers);
    }
  });

  it('keeps where it was resumed as a state to go back to', async () => {
    const first = await trial(SMALL, 40, 1);
    const { theta, edge } = await first.run.keep();
    const { run } = await begin(SMALL, { step: 40, theta, edge, changes: [{ step: 40, lr: 2 }] });
    await run.advance(200);
    expect(run.divergedAt).not.toBeNull();
    expect(await run.theta()).toEqual(theta);
    expect(await run.undo()).toBe(40);
    expect([run.lr, run.changes]).toEqual([0.4, []]);
  });

  it('makes up no edge where the checkpoint is past one that was not measured', async () => {
    const first = await begin(SMALL);
    await first.run.measure();
    await first.run.advance(40);
    const { theta, changes, edge } = await first.run.keep();
    const second = await begin(SMALL, { step: 40, theta, changes, edge });
    await second.run.measure();
    expect(second.markers.length).toBeLessThanOrEqual(1);
    expect(second.markers.every(({ step }) => step === 40)).toBe(true);
    expect(await second.run.theta()).toEqual(theta);
  });
});

describe('something urgent', () => {
  it('cuts a measurement and a replay of the edge short, and nothing is lost by it', async () => {
    const truth = await trial(SMALL, 66, 33);
    let pauses = 0;
    let cutAt = Infinity;
    const { run, markers } = await begin(SMALL, null, {
      breathe: () => Promise.resolve(),
      urgent: () => ++pauses === cutAt,
    });
    await run.measure();
    for (const step of [33, 66]) {
      await run.advance(33);
      const theta = await run.theta();
      // In the measurement at θ, at its midpoint, and in the replay that looks for the edge.
      for (const after of [3, 20, step === 33 ? 300 : 30]) {
        cutAt = pauses + after;
        await expect(run.measure()).rejects.toBeInstanceOf(Interrupted);
        expect(await run.theta()).toEqual(theta);
      }
      const sample = await run.measure();
      expect(sample?.spectrum).toEqual(truth.samples[step / 33].spectrum);
    }
    expect(markers).toEqual(truth.markers);
    expect(await run.theta()).toEqual(await truth.run.theta());
  });

  it('lets steps stop early at a step that was looked at', async () => {
    let urgent = false;
    const { run } = await begin(SMALL, null, { breathe: () => Promise.resolve(), urgent: () => urgent });
    const going = run.advance(40);
    urgent = true;
    const taken = await going;
    expect(taken).toBe(run.step);
    expect(taken).toBeLessThan(40);
    urgent = false;
    await run.advance(40 - taken);
    expect(await run.theta()).toEqual(await (await trial(SMALL, 40, 0)).run.theta());
  });
});
