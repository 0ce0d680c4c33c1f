/** Play, step, start again, go back; how far, how fast and at what cost. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import type { Entry } from '../../experiment/catalogue';
import { formatStep } from '../../plot/format';
import { experimentStore } from '../../state/experiment';
import { runStore, type RunState } from '../../state/run';
import { session } from '../../state/session';
import { IconButton } from '../../ui/Button';
import { formatLarge } from '../../ui/format';
import { Info } from '../../ui/Info';
import { Select } from '../../ui/Select';
import { useThrottled } from '../../ui/useThrottled';
import { EngineBadge } from './EngineBadge';
import { paceOptions } from './pace';
import { Progress } from './Progress';
import './timeline.css';

const PRODUCTS: Entry = {
  name: 'Hessian-vector products',
  line: 'What measuring has cost since the start: exact products of the Hessian with a vector, each as dear as one to two gradients, with TensorFlow.js as two to three.',
  formula: String.raw`v \mapsto \nabla^2 L(\theta)\,v`,
  source: 'Pearlmutter 1994',
};

const stepOf = (state: RunState): number => state.step;
const speedOf = (state: RunState): number => state.stepsPerSecond;
const productsOf = (state: RunState): number => state.products;

export function StepCount(): JSX.Element {
  const stop = useStore(experimentStore, (state) => state.experiment.stop);
  const step = useThrottled(runStore, stepOf, 100);
  return (
    <span className="step-count">
      step <b style={{ minWidth: `${formatStep(stop).length}ch` }}>{formatStep(step)}</b>{' '}
      <span className="step-stop">/ {formatStep(stop)}</span>
    </span>
  );
}

export function Transport(): JSX.Element {
  const phase = useStore(runStore, (state) => state.phase);
  const canUndo = useStore(
    runStore,
    (state) => state.phase === 'diverged' || state.changes.some((c) => c.step <= state.step),
  );
  const canRun = phase !== 'loading' && phase !== 'file-wanted' && phase !== 'failed';
  const running = phase === 'running';
  const ended = phase === 'resting' || phase === 'diverged';
  return (
    <div className="transport" role="group" aria-label="Run">
      <IconButton
        icon={running ? 'pause' : 'play'}
        name={running ? 'Pause' : phase === 'resting' ? 'Play on' : 'Play'}
        shortcut="Space"
        className="play"
        disabled={!canRun}
        onClick={session.toggle}
      />
      <IconButton icon="step" name="One step" shortcut="S" disabled={!canRun || ended} onClick={session.step} />
      <IconButton icon="reset" name="Start again, same seed" shortcut="R" onClick={session.reset} />
      <IconButton
        icon="back"
        name="Back to before the last change"
        shortcut="Z"
        disabled={!canUndo}
        onClick={session.undo}
      />
    </div>
  );
}

export function Speed(): JSX.Element {
  const pace = useStore(experimentStore, (state) => state.view.pace);
  const options = paceOptions(pace);
  return (
    <Select
      name="Speed"
      value={String(pace)}
      options={options}
      onChange={(value) => session.setView({ pace: options.find((option) => option.value === value)?.pace ?? pace })}
    />
  );
}

export function Statistics(): JSX.Element {
  const speed = useThrottled(runStore, speedOf, 500);
  const products = useThrottled(runStore, productsOf, 250);
  return (
    <div className="statistics">
      <span>
        <b>{formatLarge(speed)}</b> steps/s
      </span>
      <span>
        <b>{formatLarge(products)}</b> products
        <Info entry={PRODUCTS} />
      </span>
      <EngineBadge />
    </div>
  );
}

export function Timeline(): JSX.Element {
  return (
    <section className="timeline" aria-label="Timeline">
      <Progress />
      <div className="timeline-row">
        <Transport />
        <StepCount />
        <Speed />
        <Statistics />
      </div>
    </section>
  );
}
