/**
 * The crosshair's read-out: every line at the sample nearest to the cursor, with its error bound and, where there is a
 * level, its share of it. It is text in the page rather than on the canvas, for tabular figures and sharp type.
 */
import { formatBound, formatPercent, formatStep, formatValue } from './format';
import type { ChartModel, Line } from './model';
import { nearest } from './nearest';
import type { PlotTheme } from './theme';

export interface ReadoutRow {
  readonly symbol: string;
  readonly value: string;
  readonly bound: string;
  readonly share: string;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly weight: number;
}

export interface ReadoutText {
  readonly index: number;
  readonly title: string;
  readonly rows: readonly ReadoutRow[];
}

/** What is read at the sample nearest to `step`; null without samples. */
export function readAt(model: ChartModel, step: number, theme: PlotTheme): ReadoutText | null {
  const { data, lines, level } = model;
  const index = nearest(data.steps, step);
  if (index < 0) return null;
  const limit = level ? (data.column(level.id)?.[index] ?? level.now) : NaN;
  const row = (line: Line): ReadoutRow => {
    const value = data.column(line.id)?.[index] ?? NaN;
    const residual = line.residual === null ? undefined : data.column(line.residual)?.[index];
    return {
      symbol: line.symbol,
      value: formatValue(value),
      bound: residual === undefined || Number.isNaN(residual) ? '' : `± ${formatBound(residual)}`,
      share: level && Number.isFinite(value) ? formatPercent(value / limit) : '',
      colour: theme.colours[line.colour],
      dash: line.dash,
      weight: theme.line * line.weight,
    };
  };
  const rows = lines.filter((line) => data.column(line.id)).map(row);
  if (level) {
    const colour = theme.colours.threshold;
    const value = formatValue(limit);
    rows.unshift({ symbol: level.symbol, value, bound: '', share: '', colour, dash: [], weight: theme.level });
  }
  return { index, title: `step ${formatStep(data.steps[index])}`, rows };
}

/** The same in one sentence, for screen readers. */
export function spoken({ title, rows }: ReadoutText): string {
  const parts = rows.map(({ symbol, value, bound, share }) =>
    [symbol, value, bound && bound.replace('±', 'plus or minus'), share && `(${share})`].filter(Boolean).join(' '),
  );
  return `${title}: ${parts.join(', ')}`;
}

/** Writes read-outs into an element, touching only what changed. */
export class Readout {
  readonly #element: HTMLElement;
  readonly #cells: HTMLElement[] = [];
  readonly #title: HTMLElement;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#title = document.createElement('div');
    this.#title.className = 'plot-readout-title';
    element.replaceChildren(this.#title);
    element.hidden = true;
  }

  hide(): void {
    this.#element.hidden = true;
  }

  /** Shows `text` beside x, on the side with more room, at the top or the bottom of the plot. */
  show(text: ReadoutText, x: number, width: number, top: number, bottom: number, atBottom: boolean): void {
    this.#element.hidden = false;
    write(this.#title, text.title);
    this.#resize(5 * text.rows.length);
    text.rows.forEach(({ symbol, value, bound, share, colour, dash, weight }, i) => {
      const [swatch, ...cells] = this.#cells.slice(5 * i, 5 * i + 5);
      const width = Math.max(1, weight);
      const background = `${swatchOf(dash, width, colour)} center / 100% ${width}px no-repeat`;
      if (swatch.dataset['background'] !== background) {
        swatch.dataset['background'] = background;
        swatch.style.background = background;
      }
      [symbol, value, bound, share].forEach((content, j) => write(cells[j], content));
    });
    const style = this.#element.style;
    const left = x < width / 2;
    style.left = left ? `${Math.round(x) + 12}px` : 'auto';
    style.right = left ? 'auto' : `${Math.round(width - x) + 12}px`;
    style.top = atBottom ? 'auto' : `${Math.round(top)}px`;
    style.bottom = atBottom ? `${Math.round(bottom)}px` : 'auto';
  }

  #resize(count: number): void {
    while (this.#cells.length > count) this.#cells.pop()?.remove();
    while (this.#cells.length < count) {
      const cell = document.createElement('span');
      this.#cells.push(cell);
      this.#element.append(cell);
    }
  }
}

/** The line's own dash pattern, in units of its width, as a CSS image. */
function swatchOf(dash: readonly number[], width: number, colour: string): string {
  if (dash.length === 0) return `linear-gradient(${colour}, ${colour})`;
  let at = 0;
  const stops = dash.flatMap((length, i) => {
    const from = at;
    at += length * width;
    const ink = i % 2 === 0 ? colour : 'transparent';
    return [`${ink} ${from}px`, `${ink} ${at}px`];
  });
  return `repeating-linear-gradient(to right, ${stops.join(', ')})`;
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
