/**
 * The keyboard: one table, obeyed by the page and shown in the help window. Single keys rest inside inputs, selects and
 * windows, and can be switched off (WCAG 2.2, 2.1.4).
 */
import { experimentStore } from '../state/experiment';
import { session } from '../state/session';
import { cursorStore } from '../state/view';
import { ETA_FACTOR } from '../panels/controls/nudge';
import { toggleFullSpeed } from '../panels/timeline/pace';
import { deviceIsDark, oppositeTheme } from '../ui/theme';
import { copyLink, shellStore } from './shell';

export interface Shortcut {
  /** As `KeyboardEvent.key`, letters in lower case. */
  readonly keys: readonly string[];
  /** The keys as they are printed. */
  readonly label: string;
  readonly does: string;
  /** Whether holding the key down repeats it. */
  readonly repeats?: boolean;
  readonly run: () => void;
}

const view = () => experimentStore.getState().view;

export function switchTheme(): void {
  session.setView({ theme: oppositeTheme(view().theme, deviceIsDark()) });
}

export function togglePresent(): void {
  session.setView({ present: !view().present });
}

function leave(): void {
  if (cursorStore.getState().domain !== null) cursorStore.setState({ domain: null });
  else if (view().present) session.setView({ present: false });
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: [' '], label: 'Space', does: 'play, pause', run: session.toggle },
  { keys: ['ArrowRight', 's'], label: '→ or S', does: 'one step', repeats: true, run: session.step },
  { keys: ['r'], label: 'R', does: 'start again: same seed, without the changes made by hand', run: session.reset },
  { keys: ['n'], label: 'N', does: 'new seed', run: session.newSeed },
  { keys: ['['], label: '[', does: `η ÷ ${ETA_FACTOR}`, repeats: true, run: () => session.nudgeLr(1 / ETA_FACTOR) },
  { keys: [']'], label: ']', does: `η × ${ETA_FACTOR}`, repeats: true, run: () => session.nudgeLr(ETA_FACTOR) },
  { keys: ['z'], label: 'Z', does: 'back to before the last change', run: session.undo },
  { keys: ['f'], label: 'F', does: 'full speed, and back', run: toggleFullSpeed },
  {
    keys: ['l'],
    label: 'L',
    does: 'logarithmic axis, and back',
    run: () => session.setView({ axis: view().axis === 'log' ? 'linear' : 'log' }),
  },
  { keys: ['p'], label: 'P', does: 'present: charts fill the screen', run: togglePresent },
  { keys: ['t'], label: 'T', does: 'light or dark', run: switchTheme },
  { keys: ['c'], label: 'C', does: 'copy the link to this run', run: () => void copyLink() },
  { keys: ['?'], label: '?', does: 'this help', run: () => shellStore.setState({ help: true }) },
  { keys: ['Escape'], label: 'Esc', does: 'leave the zoom, or presenting', run: leave },
];

/** Keys that a focused control keeps for itself. */
const OWN_KEYS: readonly { readonly selector: string; readonly keeps: (key: string) => boolean }[] = [
  { selector: 'input[type="range"]', keeps: (key) => key.startsWith('Arrow') },
  { selector: 'input:not([type="range"]), select, textarea, [contenteditable]', keeps: () => true },
  { selector: 'dialog, [popover]', keeps: () => true },
  { selector: 'button, a, summary', keeps: (key) => key === ' ' },
];

/** The shortcut that a key press means, if any; `focused` is what has the focus. */
export function shortcutFor(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>,
  focused: Pick<Element, 'closest'> | null,
): Shortcut | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (OWN_KEYS.some(({ selector, keeps }) => focused?.closest(selector) && keeps(key))) return null;
  const found = SHORTCUTS.find((shortcut) => shortcut.keys.includes(key));
  return found && (!event.repeat || found.repeats) ? found : null;
}
