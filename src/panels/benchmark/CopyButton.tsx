/** Puts everything that was measured on the clipboard as text, or on show, to be copied by hand, where that is denied. */
import { useState, type JSX } from 'react';
import { useStore } from 'zustand';
import { reportText } from '../../benchmark/report/text';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { environmentOf, whereabouts } from './environment';
import { benchmarkStore, shownResults } from './session';

const SAID_MS = 2500;

export function CopyButton(): JSX.Element {
  const results = useStore(benchmarkStore, shownResults);
  const [said, setSaid] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    const text = reportText({ ...environmentOf(results), ...whereabouts() }, results.figures);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      setShown(text);
      return;
    }
    setSaid(true);
    setTimeout(() => setSaid(false), SAID_MS);
  };
  return (
    <>
      <Button disabled={results.figures.length === 0} onClick={() => void copy()}>
        Copy as text
      </Button>
      <span role="status" className="said">
        {said ? 'copied' : ''}
      </span>
      <Dialog open={shown !== null} onClose={() => setShown(null)} title="Copy the figures">
        <textarea
          className="benchmark-text"
          readOnly
          rows={16}
          aria-label="The figures as text"
          value={shown ?? ''}
          ref={(field) => field?.select()}
          onFocus={(event) => event.currentTarget.select()}
        />
      </Dialog>
    </>
  );
}
