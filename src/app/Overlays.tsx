/** What lies over the charts when they cannot speak for themselves: the poster, a failure, and the notices. */
import { useState, type JSX } from 'react';
import { useStore } from 'zustand';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import { experimentStore } from '../state/experiment';
import { runStore } from '../state/run';
import { session } from '../state/session';
import { Button, IconButton } from '../ui/Button';
import { describeExperiment } from './describe';
import { shellStore } from './shell';

export function Poster(): JSX.Element | null {
  const waiting = useStore(runStore, (state) => state.phase === 'poster');
  const experiment = useStore(experimentStore, (state) => state.experiment);
  if (!waiting) return null;
  return (
    <div className="overlay">
      <button type="button" className="poster" onClick={session.play}>
        <span className="poster-call">
          Press <kbd>Space</kbd>
        </span>
        <span className="poster-line">{describeExperiment(experiment)}</span>
        <span className="poster-line">
          Watch its sharpness climb to <span className="threshold">2/η</span>.
        </span>
      </button>
    </div>
  );
}

export function Failure(): JSX.Element | null {
  const failed = useStore(runStore, (state) => state.phase === 'failed');
  const fault = useStore(runStore, (state) => state.fault);
  const { data } = useStore(experimentStore, (state) => state.experiment);
  if (!failed) return null;
  return (
    <div className="overlay" role="alert">
      <div className="overlay-card">
        <h2>{fault?.message ?? 'The run stopped for an unknown reason.'}</h2>
        <p>
          {fault?.code === 'engine' || fault?.code === 'device-lost'
            ? 'The WebAssembly engine runs in every browser.'
            : 'Change a setting, or go back to the demo.'}
        </p>
        <p className="overlay-buttons">
          {(fault?.code === 'engine' || fault?.code === 'device-lost') && (
            <Button variant="primary" onClick={() => session.set({ engine: 'wasm' })}>
              Use WebAssembly
            </Button>
          )}
          <Button onClick={session.reset}>Try again</Button>
          <Button onClick={() => session.set(DEFAULT_EXPERIMENT)}>
            {data === 'spirals' ? 'Default settings' : 'Back to the demo'}
          </Button>
        </p>
      </div>
    </div>
  );
}

function Divergence(): JSX.Element | null {
  const diverged = useStore(runStore, (state) => state.phase === 'diverged');
  const step = useStore(
    runStore,
    (state) => state.markers.findLast((marker) => marker.kind === 'divergence')?.step ?? state.step,
  );
  if (!diverged) return null;
  return (
    <div className="notice notice-bad">
      <span>Diverged at step {step}; the last good state is shown.</span>
      <Button onClick={session.undo}>
        Go back <kbd>Z</kbd>
      </Button>
    </div>
  );
}

/** The address of the run, to be copied by hand where the clipboard is denied. */
function Address(): JSX.Element | null {
  const address = useStore(shellStore, (state) => state.address);
  if (address === null) return null;
  return (
    <div className="notice">
      <label>
        Copy this link:{' '}
        <input
          className="box address"
          readOnly
          value={address}
          ref={(field) => field?.select()}
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      <IconButton icon="close" name="Close" size={16} onClick={() => shellStore.setState({ address: null })} />
    </div>
  );
}

export function Notices(): JSX.Element {
  const notice = useStore(runStore, (state) => state.notice);
  const [dismissed, setDismissed] = useState<string | null>(null);
  return (
    <div className="notices" role="status">
      <Address />
      {notice !== null && notice !== dismissed && (
        <div className="notice">
          <span>{notice}</span>
          <IconButton icon="close" name="Dismiss" size={16} onClick={() => setDismissed(notice)} />
        </div>
      )}
      <Divergence />
    </div>
  );
}
