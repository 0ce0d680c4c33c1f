/** The run in one quiet line, for a room that sees no controls: step, η, and whether it runs. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { formatShort, formatStep } from '../../plot/format';
import { experimentStore } from '../../state/experiment';
import { runStore, type Phase, type RunState } from '../../state/run';
import { useThrottled } from '../../ui/useThrottled';
import { paceLabel } from './pace';

const STANDING: Readonly<Record<Exclude<Phase, 'running'>, string>> = {
  loading: 'getting ready',
  poster: 'not started',
  'file-wanted': 'waiting for a file',
  failed: 'failed',
  paused: 'paused',
  resting: 'at rest',
  diverged: 'diverged',
};

const stepOf = (state: RunState): number => state.step;

export function Glance(): JSX.Element {
  const step = useThrottled(runStore, stepOf, 100);
  const phase = useStore(runStore, (state) => state.phase);
  const lr = useStore(runStore, (state) => state.previewLr ?? state.lr);
  const pace = useStore(experimentStore, (state) => state.view.pace);
  return (
    <p className="glance-line">
      step {formatStep(step)} · η = {formatShort(lr)} · {phase === 'running' ? paceLabel(pace) : STANDING[phase]}
    </p>
  );
}
