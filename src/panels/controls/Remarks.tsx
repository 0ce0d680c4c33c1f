/** What in the link, or in the last setting, was corrected: plain sentences in one list that can be dismissed. */
import { useState, type JSX } from 'react';
import { useStore } from 'zustand';
import type { Remark } from '../../experiment/experiment';
import { experimentStore } from '../../state/experiment';
import { runStore } from '../../state/run';
import { Button, IconButton } from '../../ui/Button';
import { messagesOf } from './remarks';

const NONE: readonly Remark[] = [];
/** Sentences shown at once: the controls are what the rail is for. */
const MOST = 3;

export function Remarks(): JSX.Element {
  const fromLink = useStore(experimentStore, (state) => state.remarks);
  const fromData = useStore(runStore, (state) => state.info?.remarks ?? NONE);
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const [all, setAll] = useState(false);
  const left = messagesOf(fromLink, fromData).filter((message) => !dismissed.includes(message));
  const shown = all ? left : left.slice(0, MOST);
  const dismiss = (): void => {
    setDismissed([...dismissed, ...left]);
    setAll(false);
  };
  return (
    <div role="status" className="remarks">
      {left.length > 0 && (
        <>
          <ul className={shown.length < left.length ? 'remarks-short' : undefined}>
            {shown.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
          <IconButton icon="close" name="Dismiss" size={14} onClick={dismiss} />
          {shown.length < left.length && (
            <Button variant="quiet" className="remarks-more" onClick={() => setAll(true)}>
              and {left.length - shown.length} more
            </Button>
          )}
        </>
      )}
    </div>
  );
}
