/** Holds the colour table of theme.css to WCAG AA, to the colour-blind and to its own copy. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VISION, contrast, distance } from './contrast.testing';
import { oppositeTheme, resolveTheme } from './theme';

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');

/** The colours declared in the n-th block that declares --paper. */
function table(n: number): Record<string, string> {
  const block =
    css
      .split('{')
      .filter((part) => part.includes('--paper:'))
      [n]?.split('}')[0] ?? '';
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

const [light, dark, darkByDevice] = [table(0), table(1), table(2)];
const LAMBDAS = [1, 2, 3, 4, 5, 6].map((i) => `lambda-${i}`);
const CLASSES = Array.from({ length: 10 }, (_, i) => `class-${i}`);
const TEXT = ['ink', 'ink-2', 'threshold', ...LAMBDAS, 'midpoint', 'loss', 'accent', 'bad'];

describe.each([
  ['light', light],
  ['dark', dark],
])('%s theme', (_, theme) => {
  it('declares every token', () => {
    for (const token of ['paper', 'paper-2', 'ink-3', 'rule', ...TEXT, ...CLASSES]) expect(theme).toHaveProperty(token);
  });

  it('sets text and labels at AA on both papers', () => {
    for (const token of TEXT) {
      for (const paper of ['paper', 'paper-2']) {
        expect(contrast(theme[token], theme[paper]), `${token} on ${paper}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const token of ['ink', 'accent', 'bad']) {
      expect(contrast(theme['paper'], theme[token]), `paper on ${token}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('sets marks that carry meaning at 3:1', () => {
    for (const token of ['ink-3', ...CLASSES]) {
      expect(contrast(theme[token], theme['paper']), token).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(theme['ink-3'], theme['paper-2'])).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(VISION))('keeps curves apart for %s vision', (_name, vision) => {
    for (const token of [...LAMBDAS, 'midpoint']) {
      expect(distance(theme['threshold'], theme[token], vision), `threshold and ${token}`).toBeGreaterThan(0.05);
    }
    const drawn = ['lambda-1', 'lambda-2', 'lambda-3', 'midpoint'];
    for (const a of drawn) {
      for (const b of drawn.filter((other) => other > a)) {
        expect(distance(theme[a], theme[b], vision), `${a} and ${b}`).toBeGreaterThan(0.05);
      }
    }
  });

  it('uses the colour of 2/η for nothing else', () => {
    for (const [token, colour] of Object.entries(theme)) {
      if (token !== 'threshold') expect(distance(theme['threshold'], colour), token).toBeGreaterThan(0.1);
    }
  });
});

describe('theme choice', () => {
  it('has the same dark table by attribute and by device', () => {
    expect(darkByDevice).toEqual(dark);
  });

  it('follows the device on auto only', () => {
    expect(resolveTheme('auto', true)).toBe('dark');
    expect(resolveTheme('light', true)).toBe('light');
  });

  it('turns over what is on screen', () => {
    for (const device of [true, false]) {
      for (const theme of ['auto', 'light', 'dark'] as const) {
        const next = oppositeTheme(theme, device);
        expect(resolveTheme(next, device)).not.toBe(resolveTheme(theme, device));
      }
    }
    expect(oppositeTheme('light', true)).toBe('auto');
  });
});

describe('contrast', () => {
  it('agrees with WCAG on black, white and grey', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});
