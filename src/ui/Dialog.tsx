/**
 * Native dialogs: a window for a question, and the sheet that holds the controls on a phone. The browser keeps the
 * focus inside, closes on Escape and gives the focus back.
 */
import { useEffect, useId, useRef, type JSX, type ReactNode } from 'react';
import { IconButton } from './Button';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** 'sheet' rises from the bottom edge and leaves the charts above it in view. */
  readonly kind?: 'window' | 'sheet';
  readonly children: ReactNode;
}

export function Dialog({ open, onClose, title, kind = 'window', children }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) element.showModal();
    if (!open && element?.open) element.close();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      className={`dialog dialog-${kind}`}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close(); // the backdrop
      }}
    >
      {open && (
        <div className="dialog-body">
          <header className="dialog-head">
            <h2 id={titleId}>{title}</h2>
            <IconButton icon="close" name="Close" onClick={() => dialog.current?.close()} />
          </header>
          {children}
        </div>
      )}
    </dialog>
  );
}
