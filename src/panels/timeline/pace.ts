/** Speeds on offer, and the switch between full speed and the speed before it. */
import type { Pace } from '../../experiment/experiment';
import { DEFAULT_VIEW } from '../../experiment/schema';
import { experimentStore } from '../../state/experiment';
import { session } from '../../state/session';

const PACES: readonly Pace[] = [5, 20, 60, 200, 'max'];

export interface PaceOption {
  readonly value: string;
  readonly label: string;
  readonly pace: Pace;
}

export function paceLabel(pace: Pace): string {
  return pace === 'max' ? 'as fast as possible' : `${pace} steps/s`;
}

/** The speeds in order, with the present one among them. */
export function paceOptions(present: Pace): readonly PaceOption[] {
  const all = PACES.includes(present) ? [...PACES] : [...PACES, present];
  const size = (pace: Pace): number => (pace === 'max' ? Infinity : pace);
  return all.sort((a, b) => size(a) - size(b)).map((pace) => ({ value: String(pace), pace, label: paceLabel(pace) }));
}

let before: Pace = DEFAULT_VIEW.pace;

/** Full speed, or back to the speed from which it was switched on. */
export function toggleFullSpeed(): void {
  const { pace } = experimentStore.getState().view;
  if (pace !== 'max') before = pace;
  session.setView({ pace: pace === 'max' ? before : 'max' });
}
