/** The link trains on a file that only its owner has: asks for it by name and hash, and offers the demo instead. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { defaultsFor } from '../../experiment/schema';
import { experimentStore } from '../../state/experiment';
import { runStore } from '../../state/run';
import { session } from '../../state/session';
import { Button } from '../../ui/Button';
import { chooseCsv } from './open';

export function FileWanted(): JSX.Element | null {
  const wanted = useStore(runStore, (state) => state.phase === 'file-wanted');
  const { file, hash } = useStore(experimentStore, (state) => state.experiment);
  if (!wanted) return null;
  return (
    <div className="overlay">
      <div className="overlay-card">
        <h2>{file === '' ? 'A CSV file is wanted' : `The file “${file}” is wanted`}</h2>
        <p>
          This experiment trains on a file that is not part of the link. Drop it anywhere on this page, or choose it. It
          never leaves your device.
        </p>
        {hash !== '' && (
          <p className="field-note">
            SHA-256 begins with <code>{hash}</code>
          </p>
        )}
        <p className="overlay-buttons">
          <Button variant="primary" onClick={chooseCsv}>
            Choose the file…
          </Button>
          <Button onClick={() => session.set(defaultsFor('spirals'))}>Train on two spirals instead</Button>
        </p>
      </div>
    </div>
  );
}
