/** Snapshots: what is kept within the budget, and what never goes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Snapshots, type Snapshot } from './snapshots';

const EDGE = { started: false, below: false, reached: false };
const shot = (step: number, pinned = false, patch: Partial<Snapshot> = {}): Snapshot => ({
  step,
  theta: new Float64Array(10),
  loss: step,
  changes: [],
  edge: EDGE,
  pinned,
  ...patch,
});
const ONE = 80;

describe('Snapshots', () => {
  it('keeps all in order of step while they fit', () => {
    const kept = new Snapshots(4 * ONE);
    for (const step of [30, 0, 10, 20]) kept.add(shot(step));
    expect(kept.steps).toEqual([0, 10, 20, 30]);
  });

  it('drops the one closest to its neighbours when full, never a pinned one nor the newest', () => {
    const kept = new Snapshots(5 * ONE);
    for (const step of [0, 10, 20, 24, 40]) kept.add(shot(step, step === 0 || step === 20));
    kept.add(shot(41));
    expect(kept.steps).toEqual([0, 10, 20, 24, 41]);
    kept.add(shot(80));
    expect(kept.steps).toEqual([0, 20, 24, 41, 80]);
    kept.add(shot(120));
    expect(kept.steps).toEqual([0, 20, 41, 80, 120]);
  });

  it('holds its budget, the pinned and the newest through any history', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000), { maxLength: 60 }), fc.integer({ min: 8, max: 20 }), (list, room) => {
        const steps = [...list].sort((a, b) => a - b);
        const pinned = new Set(steps.slice(0, 3));
        const kept = new Snapshots(room * ONE);
        for (const step of steps) {
          kept.add(shot(step, pinned.has(step)));
          expect(kept.steps.length).toBeLessThanOrEqual(room);
          expect(kept.steps.at(-1)).toBe(step);
        }
        expect([...pinned].every((step) => kept.steps.includes(step))).toBe(true);
      }),
    );
  });

  it('stays evenly spread as a long run thins it', () => {
    const kept = new Snapshots(33 * ONE);
    for (let step = 0; step <= 5000; step++) kept.add(shot(step, step === 0));
    const gaps = kept.steps.slice(1).map((step, i) => step - kept.steps[i]);
    expect(Math.max(...gaps)).toBeLessThan(5000 / 4);
    expect(kept.steps.length).toBeGreaterThan(15);
  });

  it('keeps pinned ones and the newest even where they alone are too many', () => {
    const kept = new Snapshots(ONE);
    kept.add(shot(0, true));
    kept.add(shot(1, true));
    kept.add(shot(2));
    expect(kept.steps).toEqual([0, 1, 2]);
  });

  it('replaces the snapshot of a step, but never a pinned one: that is where undo goes back to', () => {
    const kept = new Snapshots(10 * ONE);
    kept.add(shot(5, false, { loss: 1 }));
    kept.add(shot(5, false, { loss: 2 }));
    expect(kept.last(5)?.loss).toBe(2);
    kept.add(shot(5, true, { loss: 3 }));
    kept.add(shot(5, false, { loss: 4 }));
    expect(kept.last(5)).toMatchObject({ loss: 3, pinned: true });
    kept.add(shot(5, true, { loss: 5 }));
    expect(kept.steps).toEqual([5]);
    expect(kept.last(5)?.loss).toBe(3);
  });

  it('finds the last at or before a step that passes a test, and forgets what comes after one', () => {
    const kept = new Snapshots(10 * ONE);
    for (const step of [0, 10, 20, 30]) kept.add(shot(step));
    expect(kept.last(25)?.step).toBe(20);
    expect(kept.last(20)?.step).toBe(20);
    expect(kept.last(25, ({ loss }) => loss < 15)?.step).toBe(10);
    expect(kept.last(-1)).toBeUndefined();
    kept.truncate(20);
    expect(kept.steps).toEqual([0, 10, 20]);
  });
});
