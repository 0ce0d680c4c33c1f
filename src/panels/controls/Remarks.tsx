/** What in the link, or in the last setting, was corrected: plain sentences that can be dismissed. */
import { useState, type JSX } from 'react';
import { useStore } from 'zustand';
import type { Remark } from '../../experiment/experiment';
import { experimentStore } from '../../state/experiment';
import { runStore } from '../../state/run';
import { IconButton } from '../../ui/Button';

const NONE: readonly Remark[] = [];

export function Remarks(): JSX.Element | null {
  const fromLink = useStore(experimentStore, (state) => state.remarks);
  const fromData = useStore(runStore, (state) => state.info?.remarks ?? NONE);
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const messages = [...new Set([...fromLink, ...fromData].map((remark) => remark.message))];
  const shown = messages.filter((message) => !dismissed.includes(message));
  return (
    <div role="status" className="remarks">
      {shown.map((message) => (
        <p key={message} className="remark">
          <span>{message}</span>
          <IconButton icon="close" name="Dismiss" size={14} onClick={() => setDismissed([...dismissed, message])} />
        </p>
      ))}
    </div>
  );
}
