/** The run as a thin rule from step 0 to where it rests, with a tick for everything that happened on the way. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { formatShort, formatStep } from '../../plot/format';
import { experimentStore } from '../../state/experiment';
import { runStore, type RunState } from '../../state/run';
import { useThrottled } from '../../ui/useThrottled';
import type { Marker } from '../../worker/protocol';

const stepOf = (state: RunState): number => state.step;

/** A marker in words. */
function markerText({ kind, step, value }: Marker): string {
  switch (kind) {
    case 'edge-reached':
      return `edge reached at step ${formatStep(step)}${value === null ? '' : `, λ₁ = ${formatShort(value)}`}`;
    case 'beyond-edge':
      return `starts beyond the edge${value === null ? '' : `, λ₁ = ${formatShort(value)}`}`;
    case 'change':
      return `η set to ${value === null ? '?' : formatShort(value)} at step ${formatStep(step)}`;
    case 'divergence':
      return `diverged at step ${formatStep(step)}`;
  }
}

export function Progress(): JSX.Element {
  const stop = useStore(experimentStore, (state) => state.experiment.stop);
  const step = useThrottled(runStore, stepOf, 100);
  const markers = useStore(runStore, (state) => state.markers);
  return (
    <div className="progress">
      <div
        className="progress-rule"
        role="progressbar"
        aria-label="Run"
        aria-valuemin={0}
        aria-valuemax={stop}
        aria-valuenow={Math.min(step, stop)}
        aria-valuetext={`step ${formatStep(step)} of ${formatStep(stop)}`}
      >
        <span style={{ transform: `scaleX(${Math.min(1, step / stop)})` }} />
      </div>
      <ul aria-label="Markers">
        {markers
          .filter((marker) => marker.step <= stop)
          .map((marker) => (
            <li
              key={`${marker.kind} ${marker.step}`}
              className={`tick tick-${marker.kind}`}
              style={{ left: `${(100 * marker.step) / stop}%` }}
              title={markerText(marker)}
            >
              <span className="unseen">{markerText(marker)}</span>
            </li>
          ))}
      </ul>
    </div>
  );
}
