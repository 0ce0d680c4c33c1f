/** When a run has diverged, and which of its states are good to go back to: both judged by L(θ₀). */
import type { Snapshot, Snapshots } from '../snapshots';

/** A step's loss, be it over a mini-batch, beyond this many times max(1, L(θ₀)) has diverged. */
const DIVERGED = 1e6;
/** A state is good to go back to while its loss is at most this many times max(1, L(θ₀)). */
const GOOD = 2;

/** Whether the loss has left all bounds; so has one that is not a number. */
export function isDiverged(loss: number, initialLoss: number): boolean {
  return !(loss <= DIVERGED * Math.max(1, initialLoss));
}

export function isGood(loss: number, initialLoss: number): boolean {
  return loss <= GOOD * Math.max(1, initialLoss);
}

/** The last good state at or before `step`; θ₀ where there is none. */
export function lastGood(snapshots: Snapshots, step: number, initialLoss: number): Snapshot {
  const good = snapshots.last(step, ({ loss }) => isGood(loss, initialLoss)) ?? snapshots.last(0);
  if (!good) throw new Error('A run always keeps its first snapshot.');
  return good;
}
