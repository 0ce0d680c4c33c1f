/**
 * The (i) beside a quantity: opens its definition, formula and source. A native popover: it closes on Escape and on a
 * click elsewhere and gives the focus back to its button.
 */
import { useId, useRef, useState, type JSX } from 'react';
import type { Entry } from '../experiment/catalogue';
import { Formula } from './Formula';

const WIDTH = 300;
const MARGIN = 12;

export function Info({ entry }: { readonly entry: Entry }): JSX.Element {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState(false);

  // Beside the button where there is room, else pushed back inside the window.
  const place = (): void => {
    if (!button.current || !card.current) return;
    const anchor = button.current.getBoundingClientRect();
    const { style, offsetHeight } = card.current;
    style.left = `${Math.max(MARGIN, Math.min(anchor.left, innerWidth - WIDTH - MARGIN))}px`;
    style.top = `${Math.max(MARGIN, Math.min(anchor.bottom + 6, innerHeight - Math.max(offsetHeight, 160) - MARGIN))}px`;
  };

  return (
    <>
      <button ref={button} type="button" className="info" popoverTarget={id} aria-label={`About ${entry.name}`}>
        <span aria-hidden="true">i</span>
      </button>
      <div
        ref={card}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={entry.name}
        className="info-card"
        style={{ width: WIDTH }}
        onToggle={(event) => {
          const open = event.newState === 'open';
          setOpened(open);
          if (open) place();
        }}
      >
        {opened && (
          <>
            <strong>{entry.name}</strong>
            <p>{entry.line}</p>
            <Formula tex={entry.formula} />
            <p className="info-source">{entry.source}</p>
          </>
        )}
      </div>
    </>
  );
}
