/** Listens for the shortcuts while they are switched on. Escape always works: it only ever leaves something. */
import { useEffect } from 'react';
import { shellStore } from './shell';
import { shortcutFor } from './shortcuts';

export function useShortcuts(): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      if (!shellStore.getState().shortcuts && event.key !== 'Escape') return;
      // An open window or card takes every key: Escape must close it and nothing else.
      const modal = document.querySelector('dialog[open], :popover-open');
      const shortcut = shortcutFor(event, modal ?? document.activeElement);
      if (!shortcut) return;
      event.preventDefault();
      shortcut.run();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, []);
}
