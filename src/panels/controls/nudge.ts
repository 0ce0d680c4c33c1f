/** η by one stroke: a key on the desktop, a thumb on the phone. */
import { experimentStore } from '../../state/experiment';
import { runStore } from '../../state/run';
import { session } from '../../state/session';
import { roundTo } from '../../ui/slider';

/** η moves by this factor at a stroke. */
export const ETA_FACTOR = 1.25;

export function nudgeEta(factor: number): void {
  const { lr, previewLr } = runStore.getState();
  const from = previewLr ?? (Number.isFinite(lr) ? lr : experimentStore.getState().experiment.lr);
  session.changeLr(roundTo(from * factor, 4));
}
