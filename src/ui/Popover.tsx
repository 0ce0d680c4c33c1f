/**
 * A button that opens a card beside itself. A native popover: it closes on Escape and on a click elsewhere and gives the
 * focus back to its button.
 */
import { useId, useLayoutEffect, useRef, useState, type JSX, type ReactNode } from 'react';

const WIDTH = 300;
const MARGIN = 12;
const GAP = 6;
/** Below the button at least this much must be free, or the card stands above it. */
const LEAST = 240;

interface PopoverProps {
  /** Class of the button. */
  readonly className: string;
  /** Spoken name of the button, where its content does not say it. */
  readonly name?: string;
  /** What the button shows. */
  readonly face: ReactNode;
  /** Spoken name of the card. */
  readonly title: string;
  readonly children: ReactNode;
}

export function Popover({ className, name, face, title, children }: PopoverProps): JSX.Element {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState(false);

  useLayoutEffect(() => {
    if (!opened || !button.current || !card.current) return;
    const { left, top, bottom } = button.current.getBoundingClientRect();
    const { style } = card.current;
    const above = innerHeight - bottom < LEAST && top > innerHeight - bottom;
    style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - WIDTH - MARGIN))}px`;
    style.top = above ? 'auto' : `${bottom + GAP}px`;
    style.bottom = above ? `${innerHeight - top + GAP}px` : 'auto';
    style.maxHeight = `${(above ? top : innerHeight - bottom) - GAP - MARGIN}px`;
  }, [opened]);

  return (
    <>
      <button ref={button} type="button" className={className} popoverTarget={id} aria-label={name}>
        {face}
      </button>
      <div
        ref={card}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={title}
        className="info-card"
        style={{ width: WIDTH }}
        onToggle={(event) => setOpened(event.newState === 'open')}
      >
        {opened && children}
      </div>
    </>
  );
}
