/**
 * Colours and sizes of the charts, read from the CSS custom properties of the element that holds them, so that one
 * style sheet decides the look of page and charts and present mode can enlarge the type.
 */

const COLOURS = {
  paper: '#fbfaf6',
  ink: '#1a1c20',
  'ink-2': '#55585f',
  'ink-3': '#85878c',
  rule: '#dddad1',
  threshold: '#c83c08',
  'lambda-1': '#0b62a8',
  'lambda-2': '#00795c',
  'lambda-3': '#9a3f86',
  'lambda-4': '#4c4f00',
  'lambda-5': '#5a55c8',
  'lambda-6': '#6b6259',
  midpoint: '#082c52',
  loss: '#3d434d',
  accent: '#3a4ea8',
  bad: '#a0124f',
  'class-0': '#0b62a8',
  'class-1': '#8a7400',
  'class-2': '#00795c',
  'class-3': '#9a3f86',
  'class-4': '#2f8fb8',
  'class-5': '#a0124f',
  'class-6': '#6f8f2a',
  'class-7': '#6b5bd0',
  'class-8': '#7a4a2b',
  'class-9': '#55585f',
} as const;

export type ColourToken = keyof typeof COLOURS;

export interface PlotTheme {
  readonly colours: Readonly<Record<ColourToken, string>>;
  readonly font: string;
  /** Sizes in CSS pixels. */
  readonly text: number;
  readonly line: number;
  readonly level: number;
}

/** What holds where no style sheet says otherwise. */
export const FALLBACK_THEME: PlotTheme = {
  colours: COLOURS,
  font: 'system-ui, sans-serif',
  text: 12,
  line: 1.5,
  level: 2,
};

/** The theme in force at an element. */
export function readTheme(element: Element): PlotTheme {
  const style = getComputedStyle(element);
  const text = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  const size = (name: string, fallback: number): number => {
    const value = Number.parseFloat(style.getPropertyValue(name));
    return value > 0 ? value : fallback;
  };
  const tokens = Object.entries(COLOURS) as [ColourToken, string][];
  const colours = Object.fromEntries(tokens.map(([token, fallback]) => [token, text(`--${token}`, fallback)]));
  return {
    colours: colours as Record<ColourToken, string>,
    font: text('--font', FALLBACK_THEME.font),
    text: size('--chart-text', FALLBACK_THEME.text),
    line: size('--chart-line', FALLBACK_THEME.line),
    level: size('--chart-threshold-line', FALLBACK_THEME.level),
  };
}

/** Calls back when the page changes its theme or its font arrives; returns what ends the watch. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  const attributes = { attributes: true, attributeFilter: ['class', 'style', 'data-theme', 'data-present'] };
  observer.observe(document.documentElement, attributes);
  if (document.body) observer.observe(document.body, attributes);
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', changed);
  document.fonts.addEventListener('loadingdone', changed);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', changed);
    document.fonts.removeEventListener('loadingdone', changed);
  };
}
