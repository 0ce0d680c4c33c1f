/**
 * Which of the two themes is on. The attribute `data-theme` on the root element decides (theme.css); 'auto' follows
 * the device and goes on following it.
 */
import type { Theme } from '../experiment/experiment';

const DARK = '(prefers-color-scheme: dark)';

/** The theme that is on screen when this one is chosen. */
export function resolveTheme(theme: Theme, deviceIsDark: boolean): 'light' | 'dark' {
  if (theme === 'auto') return deviceIsDark ? 'dark' : 'light';
  return theme;
}

/**
 * The choice that turns the screen over: the opposite of what is on it, expressed as 'auto' where the device already
 * wants that, so that a link made afterwards carries no theme.
 */
export function oppositeTheme(theme: Theme, deviceIsDark: boolean): Theme {
  const opposite = resolveTheme(theme, deviceIsDark) === 'dark' ? 'light' : 'dark';
  return resolveTheme('auto', deviceIsDark) === opposite ? 'auto' : opposite;
}

export function deviceIsDark(): boolean {
  return matchMedia(DARK).matches;
}

/** Puts the theme on the page, with the colour of the browser's own bars; returns what undoes the listening. */
export function applyTheme(theme: Theme): () => void {
  const root = document.documentElement;
  const paint = (): void => {
    root.dataset['theme'] = theme;
    const paper = getComputedStyle(root).getPropertyValue('--paper').trim();
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper);
  };
  paint();
  const media = matchMedia(DARK);
  media.addEventListener('change', paint);
  return () => media.removeEventListener('change', paint);
}
