/** What lies over the charts when they cannot speak for themselves: the poster, a failure, and the notices. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import type { DatasetId } from '../experiment/experiment';
import type { FaultCode } from '../experiment/fault';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import { chooseCsv, reviewCsv } from '../panels/csv/open';
import { experimentStore } from '../state/experiment';
import { examplesOf, runStore } from '../state/run';
import { session } from '../state/session';
import { Button, IconButton } from '../ui/Button';
import { useMedia } from '../ui/useMedia';
import { describeExperiment } from './describe';
import { shellStore } from './shell';

/** Fingers have no keys to press. */
const TOUCH = '(pointer: coarse)';

export function Poster(): JSX.Element | null {
  const waiting = useStore(runStore, (state) => state.phase === 'poster');
  const experiment = useStore(experimentStore, (state) => state.experiment);
  const examples = useStore(runStore, (state) => examplesOf(state, experiment));
  const touch = useMedia(TOUCH);
  if (!waiting) return null;
  return (
    <div className="overlay">
      <button type="button" className="poster" onClick={session.play}>
        <span className="poster-call">
          {touch ? (
            'Tap to start'
          ) : (
            <>
              Press <kbd>Space</kbd>
            </>
          )}
        </span>
        <span className="poster-line">{describeExperiment(experiment, examples)}</span>
        <span className="poster-line">
          Watch its sharpness climb to <span className="threshold">2/η</span>.
        </span>
      </button>
    </div>
  );
}

function TryAgain(): JSX.Element {
  return <Button onClick={session.reset}>Try again</Button>;
}

/** A way on from each kind of failure: a sentence, and the buttons that come first. */
function wayOn(code: FaultCode | undefined, data: DatasetId): { readonly hint: string; readonly first: JSX.Element } {
  if (code === 'engine' || code === 'device-lost') {
    return {
      hint: 'The WebAssembly engine runs in every current browser.',
      first: (
        <>
          <Button variant="primary" onClick={() => session.set({ engine: 'wasm' })}>
            Use WebAssembly
          </Button>
          <TryAgain />
        </>
      ),
    };
  }
  if (code === 'no-engine') {
    return {
      hint: 'Nothing can be computed without it: reload the page, or open it in another browser.',
      first: <TryAgain />,
    };
  }
  if (code === 'data' && data === 'csv') {
    return {
      hint: 'Choose another file, or correct how this one is read.',
      first: (
        <>
          <Button variant="primary" onClick={chooseCsv}>
            Choose another file…
          </Button>
          <Button onClick={reviewCsv}>Look at its columns</Button>
        </>
      ),
    };
  }
  return { hint: 'Change a setting, or go back to the demo.', first: <TryAgain /> };
}

export function Failure(): JSX.Element | null {
  const failed = useStore(runStore, (state) => state.phase === 'failed');
  const fault = useStore(runStore, (state) => state.fault);
  const { data } = useStore(experimentStore, (state) => state.experiment);
  if (!failed) return null;
  const { hint, first } = wayOn(fault?.code, data);
  return (
    <div className="overlay" role="alert">
      <div className="overlay-card">
        <h2>{fault?.message ?? 'The run stopped for an unknown reason.'}</h2>
        <p>{hint}</p>
        <p className="overlay-buttons">
          {first}
          <Button onClick={() => session.set(DEFAULT_EXPERIMENT)}>
            {data === 'spirals' ? 'Default settings' : 'Back to the demo'}
          </Button>
        </p>
      </div>
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
  return (
    <div className="notices" role="status">
      <Address />
      {notice !== null && (
        <div className="notice">
          <span>{notice}</span>
          <IconButton icon="close" name="Dismiss" size={16} onClick={() => runStore.setState({ notice: null })} />
        </div>
      )}
    </div>
  );
}
