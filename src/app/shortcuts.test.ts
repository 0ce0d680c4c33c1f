import { describe, expect, it } from 'vitest';
import { SHORTCUTS, shortcutFor } from './shortcuts';

const press = (key: string, rest: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...rest,
});

/** An element that matches exactly the selectors naming this tag. */
const inside = (part: string) => ({
  closest: (selector: string) => (selector.includes(part) ? ({} as Element) : null),
});

describe('shortcuts', () => {
  it('gives no key twice', () => {
    const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has letters in lower case, each with words', () => {
    for (const { keys, label, does } of SHORTCUTS) {
      for (const key of keys) if (key.length === 1) expect(key).toBe(key.toLowerCase());
      expect(label).not.toBe('');
      expect(does).not.toBe('');
    }
  });

  it('has every key that the page promises', () => {
    const keys = new Set(SHORTCUTS.flatMap((shortcut) => shortcut.keys));
    for (const key of [' ', 'ArrowRight', 's', 'r', 'n', '[', ']', 'l', 'p', 'f', 'z', 't', 'c', '?', 'Escape']) {
      expect(keys.has(key), key).toBe(true);
    }
  });

  it('hears a key in either case, and leaves chords to the browser', () => {
    expect(shortcutFor(press('R'), null)?.label).toBe('R');
    expect(shortcutFor(press('r', { ctrlKey: true }), null)).toBeNull();
    expect(shortcutFor(press('c', { metaKey: true }), null)).toBeNull();
    expect(shortcutFor(press('q'), null)).toBeNull();
  });

  it('repeats only what may be repeated', () => {
    expect(shortcutFor(press('s', { repeat: true }), null)?.does).toBe('one step');
    expect(shortcutFor(press(' ', { repeat: true }), null)).toBeNull();
  });

  it('rests inside boxes and windows', () => {
    expect(shortcutFor(press('r'), inside('select'))).toBeNull();
    expect(shortcutFor(press('r'), inside('dialog'))).toBeNull();
    expect(shortcutFor(press('Escape'), inside('textarea'))).toBeNull();
  });

  it('leaves a button its Space and a slider its arrows', () => {
    expect(shortcutFor(press(' '), inside('button'))).toBeNull();
    expect(shortcutFor(press('r'), inside('button'))?.label).toBe('R');
    const range = { closest: (selector: string) => (selector === 'input[type="range"]' ? ({} as Element) : null) };
    expect(shortcutFor(press('ArrowRight'), range)).toBeNull();
    expect(shortcutFor(press(' '), range)?.label).toBe('Space');
  });
});
