import { expect, it } from 'vitest';
import { Snapshots } from '../snapshots';
import { isDiverged, isGood, lastGood } from './divergence';

it.each([
  [1e6, 0.5, false],
  [1.1e6, 0.5, true],
  [2.9e6, 3, false],
  [3.1e6, 3, true],
  [Infinity, 3, true],
  [NaN, 3, true],
])('a loss of %f after L(θ₀) = %f: diverged is %s', (loss, initial, diverged) =>
  expect(isDiverged(loss, initial)).toBe(diverged),
);

it.each([
  [2, 0.5, true],
  [2.1, 0.5, false],
  [6, 3, true],
  [6.1, 3, false],
  [NaN, 3, false],
])('a loss of %f after L(θ₀) = %f: good to go back to is %s', (loss, initial, good) =>
  expect(isGood(loss, initial)).toBe(good),
);

it('goes back to the last good state before a step, or to the first', () => {
  const snapshots = new Snapshots(1000);
  const edge = { started: false, below: false, reached: false };
  for (const [step, loss] of [
    [0, 3],
    [10, 5],
    [20, 7],
  ]) {
    snapshots.add({ step, theta: new Float64Array(1), loss, changes: [], edge, pinned: false });
  }
  expect([30, 15, 5].map((step) => lastGood(snapshots, step, 3).step)).toEqual([10, 10, 0]);
  // None is good by this L(θ₀), which cannot be.
  expect(lastGood(snapshots, 30, 1).step).toBe(0);
  expect(() => lastGood(new Snapshots(1000), 30, 3)).toThrow('A run always keeps its first snapshot.');
});
