/**
 * The page's live sentence, rewritten at most four times a second. Assistive technology hears a second, unseen one
 * without the numbers: it changes only when something happens.
 */
import { Fragment, type JSX } from 'react';
import { OPTIMIZERS } from '../../experiment/catalogue';
import { announcement, caption } from '../../state/caption';
import { experimentStore } from '../../state/experiment';
import { runStore, type RunState } from '../../state/run';
import { useThrottled } from '../../ui/useThrottled';

const sentence = (state: RunState): string => caption(state, experimentStore.getState().experiment);
const event = (state: RunState): string => announcement(state, experimentStore.getState().experiment);
const LABEL = OPTIMIZERS.gd.threshold.label;

/** The sentence with every mention of the threshold in its colour. */
function coloured(text: string): JSX.Element[] {
  return text.split(LABEL).map((part, i) => (
    <Fragment key={i}>
      {i > 0 && <span className="threshold">{LABEL}</span>}
      {part}
    </Fragment>
  ));
}

export function Caption(): JSX.Element {
  const seen = useThrottled(runStore, sentence, 250);
  const heard = useThrottled(runStore, event, 2000);
  return (
    <div className="caption">
      <p aria-hidden="true">{coloured(seen)}</p>
      <p role="status" className="unseen">
        {heard}
      </p>
    </div>
  );
}
