/** The top line: the name, the page's live sentence with the way back from a divergence, and what concerns the page. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { Caption } from '../panels/caption/Caption';
import { Threshold } from '../panels/controls/LearningRate';
import { Glance } from '../panels/timeline/Glance';
import { experimentStore } from '../state/experiment';
import { runStore } from '../state/run';
import { session } from '../state/session';
import { Button, IconButton } from '../ui/Button';
import { resolveTheme } from '../ui/theme';
import { useMedia } from '../ui/useMedia';
import { copyLink, shellStore } from './shell';
import { switchTheme, togglePresent } from './shortcuts';

function GoBack(): JSX.Element | null {
  const diverged = useStore(runStore, (state) => state.phase === 'diverged');
  const touch = useMedia('(pointer: coarse)');
  if (!diverged) return null;
  return (
    <Button className="go-back" aria-keyshortcuts="Z" onClick={session.undo}>
      Go back {!touch && <kbd>Z</kbd>}
    </Button>
  );
}

export function TopLine(): JSX.Element {
  const { theme, present } = useStore(experimentStore, (state) => state.view);
  const copied = useStore(shellStore, (state) => state.copied);
  const dark = resolveTheme(theme, useMedia('(prefers-color-scheme: dark)')) === 'dark';
  return (
    <header className="top">
      <h1 className="brand">Edgescope</h1>
      <Caption />
      <GoBack />
      {present && (
        <div className="glance">
          <Threshold />
          <Glance />
        </div>
      )}
      <div className="top-buttons">
        <span role="status" className="said">
          {copied ? 'copied' : ''}
        </span>
        <IconButton icon="link" name="Copy the link to this run" shortcut="C" onClick={() => void copyLink()} />
        <IconButton
          icon={dark ? 'light' : 'dark'}
          name={dark ? 'Light theme' : 'Dark theme'}
          shortcut="T"
          onClick={switchTheme}
        />
        <IconButton
          icon={present ? 'leave' : 'present'}
          name={present ? 'Leave presenting' : 'Present'}
          shortcut="P"
          onClick={togglePresent}
        />
        <IconButton icon="help" name="Help and keys" shortcut="?" onClick={() => shellStore.setState({ help: true })} />
      </div>
    </header>
  );
}
