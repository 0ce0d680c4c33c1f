/** How a chart hears of the run: straight from the stores, without React in between. */
import { experimentStore, type ExperimentState } from '../../state/experiment';
import { runStore, type RunState } from '../../state/run';

/** Feeds at once and after every change of run or settings; returns what ends that. */
export function feedFromStores(feed: (run: RunState, experiment: ExperimentState) => void): () => void {
  const give = (): void => feed(runStore.getState(), experimentStore.getState());
  const leave = [runStore.subscribe(give), experimentStore.subscribe(give)];
  give();
  return () => {
    for (const end of leave) end();
  };
}
