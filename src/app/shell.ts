/** What the page itself is doing, apart from the run: which window is open, whether single keys are shortcuts. */
import { createStore } from 'zustand/vanilla';
import { session } from '../state/session';

const STORED = 'edgescope.shortcuts';
const SAID_MS = 2500;

interface ShellState {
  readonly help: boolean;
  readonly sheet: boolean;
  readonly shortcuts: boolean;
  /** Short-lived answer to the copy button. */
  readonly copied: boolean;
  /** The address to be copied by hand, where the clipboard is denied. */
  readonly address: string | null;
}

// Storage can be forbidden altogether; then the choice lasts as long as the page.
function stored(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

export const shellStore = createStore<ShellState>(() => ({
  help: false,
  sheet: false,
  shortcuts: stored(),
  copied: false,
  address: null,
}));

export function setShortcuts(on: boolean): void {
  shellStore.setState({ shortcuts: on });
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    return;
  }
}

let saidTimer: ReturnType<typeof setTimeout> | undefined;

/** Puts the address of this run on the clipboard, or on show where that is denied. */
export async function copyLink(): Promise<void> {
  const address = session.link();
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    shellStore.setState({ address });
    return;
  }
  shellStore.setState({ copied: true });
  clearTimeout(saidTimer);
  saidTimer = setTimeout(() => shellStore.setState({ copied: false }), SAID_MS);
}
