/**
 * The Benchmark page: the engines beside TensorFlow.js and jax-js, on the reader's own device. It is reached by its link
 * alone, and loaded only then; what it measures runs in a worker, so the page stays responsive.
 */
import { useEffect, type JSX, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { describeSize, IN_BROWSER, NAMES, SIZES } from '../../benchmark/report/subject';
import type { Theme } from '../../experiment/experiment';
import { Button } from '../../ui/Button';
import { applyTheme } from '../../ui/theme';
import './benchmark.css';
import { CopyButton } from './CopyButton';
import { Results } from './Results';
import { benchmarkStore, OFFERED_PROBLEMS, start, stop, withMember } from './session';

interface CheckProps {
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

function Check({ checked, disabled, onChange, children }: CheckProps): JSX.Element {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{children}</span>
    </label>
  );
}

function Choices(): JSX.Element {
  const { problems, entrants, quick, phase } = useStore(benchmarkStore);
  const disabled = phase === 'running';
  return (
    <div className="choices">
      <fieldset>
        <legend>Problems</legend>
        {OFFERED_PROBLEMS.map((id) => (
          <Check
            key={id}
            checked={problems.has(id)}
            disabled={disabled}
            onChange={(on) => benchmarkStore.setState({ problems: withMember(problems, id, on) })}
          >
            {id} <small>{describeSize(SIZES[id])}</small>
          </Check>
        ))}
      </fieldset>
      <fieldset>
        <legend>Who takes part</legend>
        {IN_BROWSER.map((id) => (
          <Check
            key={id}
            checked={entrants.has(id)}
            disabled={disabled}
            onChange={(on) => benchmarkStore.setState({ entrants: withMember(entrants, id, on) })}
          >
            {NAMES[id]}
          </Check>
        ))}
      </fieldset>
      <fieldset>
        <legend>How</legend>
        <Check checked={quick} disabled={disabled} onChange={(on) => benchmarkStore.setState({ quick: on })}>
          Quickly, less exactly
        </Check>
      </fieldset>
    </div>
  );
}

/** What is going on, in a sentence. */
function useStatus(): string {
  const { phase, words, latest } = useStore(benchmarkStore);
  switch (phase) {
    case 'idle':
      return '';
    case 'running':
      return `Now: ${words}.`;
    case 'done':
      return latest.figures.length > 0 ? 'Done.' : 'Done without a figure: nobody could take part.';
    case 'stopped':
      return latest.figures.length > 0 ? 'Stopped; what was measured stays.' : 'Stopped before there was a figure.';
    case 'failed':
      return `It failed: ${words.replace(/[^.!?]$/, '$&.')}`;
  }
}

function Transport(): JSX.Element {
  const { problems, entrants, phase, share } = useStore(benchmarkStore);
  const status = useStatus();
  const running = phase === 'running';
  return (
    <div className="benchmark-transport">
      <Button
        variant="primary"
        disabled={!running && (problems.size === 0 || entrants.size === 0)}
        onClick={running ? stop : start}
      >
        {running ? 'Stop' : 'Start'}
      </Button>
      <CopyButton />
      <p role="status" className={phase === 'failed' ? 'benchmark-status bad' : 'benchmark-status'}>
        {status}
      </p>
      {running && <progress aria-label="Progress" value={share} max={1} />}
    </div>
  );
}

interface BenchmarkPageProps {
  readonly theme: Theme;
  /** The link of the experiment to go back to. */
  readonly back: string;
}

export function BenchmarkPage({ theme, back }: BenchmarkPageProps): JSX.Element {
  useEffect(() => applyTheme(theme), [theme]);
  useEffect(() => {
    document.title = 'Benchmark · Edgescope';
    const hear = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || document.querySelector('dialog[open]')) return;
      // Leaving would throw the figures away: a run is stopped first, which keeps them.
      if (benchmarkStore.getState().phase === 'running') stop();
      else location.hash = back;
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, [back]);
  return (
    <div className="benchmark">
      <header className="benchmark-head">
        <h1>Benchmark</h1>
        <a href={back} aria-keyshortcuts="Escape">
          {/^(#\/?)?$/.test(back) ? 'Back to the demo' : 'Back to the experiment'}
        </a>
      </header>
      <main>
        <p className="benchmark-lead">
          How fast this device trains and measures curvature: Edgescope’s engines, and beside them TensorFlow.js and
          jax-js at the same work. Everyone takes turns, so compare figures of one run only. Keep this page in view: a
          browser slows down what is hidden.
        </p>
        <Choices />
        <Transport />
        <Results />
      </main>
    </div>
  );
}
