/**
 * The page's live sentence, rewritten at most four times a second; the symbol that it begins with has an (i). Assistive
 * technology hears a second, unseen one without the numbers: it changes only when something happens.
 */
import { Fragment, useState, type JSX } from 'react';
import { OPTIMIZERS, seriesEntry, type SeriesId } from '../../experiment/catalogue';
import { announcement, caption, steadySeries } from '../../state/caption';
import { experimentStore } from '../../state/experiment';
import { runStore, type RunState } from '../../state/run';
import { Info } from '../../ui/Info';
import { useThrottled } from '../../ui/useThrottled';

const sentence = (state: RunState): string => caption(state, experimentStore.getState().experiment);
const event = (state: RunState): string => announcement(state, experimentStore.getState().experiment);
const LABEL = OPTIMIZERS.gd.threshold.label;

/** Text with every mention of the threshold in its colour. */
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
  const steady = useThrottled(runStore, steadySeries, 250);
  const { symbol } = seriesEntry(steady);
  const value = seen.startsWith(`${symbol} = `) ? seen.slice(symbol.length) : null;
  // While there is no value, the (i) of the last one stays: unmounted, it would lose the focus and close its card.
  const [told, setTold] = useState<SeriesId | null>(null);
  if (value !== null && told !== steady) setTold(steady);
  return (
    <div className="caption">
      <div className={value === null ? 'headline valueless' : 'headline'}>
        {value !== null && <span aria-hidden="true">{symbol}&nbsp;</span>}
        {told !== null && <Info entry={seriesEntry(told)} />}
        <span aria-hidden="true">{coloured(value ?? seen)}</span>
      </div>
      <p role="status" className="unseen">
        {heard}
      </p>
    </div>
  );
}
