/**
 * The present spectrum on the stability chart's value axis, row by row of pixels, so that 2/η is one line through both.
 * Left a rug of all Ritz values of the last Lanczos run, right the tracked eigenvalues with their residual bounds.
 */
import { seriesEntry, lambdaSeries } from '../../experiment/catalogue';
import type { ValueAxis } from '../../plot/axis';
import { endHeight, labelHeight, LabelPlaces, type End } from '../../plot/ends';
import { formatStep, formatValue } from '../../plot/format';
import type { Columns, Level } from '../../plot/model';
import { crisp, drawDot, drawLine, setFont, setStroke, type PlotArea } from '../../plot/paint';
import type { Pen } from '../../plot/pen';
import { schedule, unschedule } from '../../plot/scheduler';
import { Surface } from '../../plot/surface';
import type { PlotTheme } from '../../plot/theme';
import { valueTicks } from '../../plot/ticks';
import type { Spectrum } from '../../worker/protocol';
import { sharedAxis } from '../frame/shared';
import { lambdaColour } from '../stability/model';

export interface SpectrumModel {
  readonly spectrum: Spectrum | null;
  readonly level: Level | null;
  /** The history, for label heights that hold still. */
  readonly data: Columns;
}

/** Numbers beside the marks change no faster than they can be read. */
const RENEWAL_MS = 100;

export class SpectrumChart {
  readonly #surface: Surface;
  readonly #places = new LabelPlaces();
  readonly #unsubscribe: () => void;
  #model: SpectrumModel | null = null;
  #labels: readonly string[] = [];
  #labelled: Spectrum | null = null;
  #renewed = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement) {
    this.#surface = new Surface(host, 1, this.#invalidate);
    this.#unsubscribe = sharedAxis.subscribe(this.#invalidate);
  }

  set(model: SpectrumModel): void {
    this.#model = model;
    this.#invalidate();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    unschedule(this.#draw);
    this.#unsubscribe();
    this.#surface.destroy();
  }

  svg(title: string): string {
    const { width, height, theme } = this.#surface;
    const pen = this.#surface.svgPen();
    this.#paint(pen, theme, width, height);
    return pen.document(width, height, theme.colours.paper, title);
  }

  png(): Promise<Blob> {
    return this.#surface.png((pen, theme, width, height) => this.#paint(pen, theme, width, height));
  }

  #invalidate = (): void => schedule(this.#draw);

  #draw = (): void => {
    const { width, height, theme } = this.#surface;
    if (width < 40 || height < 40) return;
    this.#paint(this.#surface.wipe(0), theme, width, height);
  };

  /** The shared axis in this element's own pixels, or the same values over the whole height where not beside it. */
  #axis(height: number, text: number): { axis: ValueAxis; beside: boolean } | null {
    const { axis, host } = sharedAxis.getState();
    if (!axis || !host) return null;
    const shift = host.getBoundingClientRect().top - this.#surface.host.getBoundingClientRect().top;
    const beside = Math.abs(shift) < height / 2;
    if (beside) return { axis: axis.between(axis.top + shift, axis.bottom + shift), beside };
    return { axis: axis.between(text, height - text * 2.6), beside };
  }

  #paint(pen: Pen, theme: PlotTheme, width: number, height: number): void {
    const found = this.#axis(height, theme.text);
    if (!found || !this.#model) return;
    const { axis, beside } = found;
    const { text, colours } = theme;
    const left = beside ? text * 0.5 : text * 3.2;
    const area: PlotArea = { left, right: width, top: axis.top, bottom: axis.bottom };
    const { spectrum, level } = this.#model;
    setStroke(pen, { colour: colours.rule, width: 1, dash: [] });
    setFont(pen, theme);
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    pen.fillStyle = colours['ink-2'];
    for (const { value, label } of valueTicks(axis.kind, axis, axis.bottom - axis.top, text * 3.4)) {
      const y = crisp(axis.y(value));
      if (y < area.bottom) drawLine(pen, beside ? 0 : left, y, width, y);
      if (!beside) pen.fillText(label, left - text * 0.6, axis.y(value));
    }
    setStroke(pen, { colour: colours['ink-3'], width: 1, dash: [] });
    drawLine(pen, beside ? 0 : left, crisp(area.bottom), width, crisp(area.bottom));
    if (spectrum) this.#paintRug(pen, theme, area, axis, spectrum);
    if (level) this.#paintLevel(pen, theme, axis, level, beside ? 0 : left, width);
    if (spectrum) this.#paintEigenvalues(pen, theme, area, axis, spectrum);
  }

  #paintRug(pen: Pen, theme: PlotTheme, area: PlotArea, axis: ValueAxis, spectrum: Spectrum): void {
    const { text, colours } = theme;
    setStroke(pen, { colour: colours['ink-3'], width: 1, dash: [] });
    let below = 0;
    let least = Infinity;
    for (const value of spectrum.ritz) {
      const y = axis.y(value);
      if (!(y <= area.bottom + 0.5)) {
        below++;
        least = Math.min(least, value);
      } else if (y >= area.top) drawLine(pen, area.left, crisp(y), area.left + text, crisp(y));
    }
    if (below === 0) return;
    setFont(pen, theme, 400, 0.92);
    pen.fillStyle = colours['ink-2'];
    pen.textAlign = 'right';
    pen.textBaseline = 'bottom';
    const note = `↓ ${formatStep(below)} more, least ${formatValue(least, 2)}`;
    pen.fillText(note, area.right, area.bottom - 3);
  }

  #paintLevel(pen: Pen, theme: PlotTheme, axis: ValueAxis, level: Level, from: number, to: number): void {
    const stroke = { colour: theme.colours.threshold, width: theme.level, dash: [] };
    for (const [value, dash] of [
      [level.now, []],
      [level.preview, [4, 3]],
    ] as const) {
      const y = value === null ? NaN : axis.y(value);
      if (!(y >= axis.top - 1 && y <= axis.bottom + 1)) continue;
      setStroke(pen, { ...stroke, dash });
      drawLine(pen, from, y, to, y);
    }
  }

  #paintEigenvalues(pen: Pen, theme: PlotTheme, area: PlotArea, axis: ValueAxis, spectrum: Spectrum): void {
    const { text, colours, line } = theme;
    const model = this.#model;
    const size = labelHeight(theme);
    const from = area.left + text * 1.3;
    const dot = from + text * 1.6;
    const radius = Math.max(3, line * 2);
    const inside = (y: number): number => Math.min(Math.max(y, area.top), area.bottom);
    const ends: (End & { readonly index: number })[] = [];
    spectrum.values.forEach((value, i) => {
      const y = axis.y(value);
      if (!(y <= area.bottom + 0.5)) return;
      const colour = colours[lambdaColour(i + 1)];
      const shown = inside(y);
      setStroke(pen, { colour, width: line, dash: [] });
      drawLine(pen, from, shown, dot, shown);
      const residual = spectrum.residuals[i];
      const [high, low] = [inside(axis.y(value + residual)), inside(axis.y(value - residual) || area.bottom)];
      if (low - high > 2) {
        drawLine(pen, dot, high, dot, low);
        drawLine(pen, dot - radius, high, dot + radius, high);
        drawLine(pen, dot - radius, low, dot + radius, low);
      }
      pen.fillStyle = colours.paper;
      drawDot(pen, dot, shown, radius + 1);
      pen.fillStyle = colour;
      drawDot(pen, dot, shown, radius);
      const id = lambdaSeries(i + 1);
      const history = model?.data.column(id);
      const at = model && history ? endHeight(model.data, history, Infinity, axis) : shown;
      ends.push({ id, at: Number.isFinite(at) ? at : shown, size, weight: 1, index: i });
    });
    const level = model?.level ? inside(axis.y(model.level.now)) : NaN;
    this.#places.place(
      ends,
      Number.isFinite(level) ? { y: level, above: 0 } : null,
      size,
      area.top - 0.9 * text,
      area.bottom,
    );
    this.#renew(spectrum);
    setFont(pen, theme, 500);
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    for (const { at, index } of ends) {
      pen.fillStyle = colours[lambdaColour(index + 1)];
      pen.fillText(this.#labels[index] ?? '', dot + text * 0.9, at);
    }
  }

  #renew(spectrum: Spectrum): void {
    const now = performance.now();
    if (spectrum === this.#labelled) return;
    if (now - this.#renewed < RENEWAL_MS && this.#labels.length === spectrum.values.length) {
      this.#timer ??= setTimeout(this.#invalidate, RENEWAL_MS);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#renewed = now;
    this.#labelled = spectrum;
    this.#labels = Array.from(
      spectrum.values,
      (value, i) => `${seriesEntry(lambdaSeries(i + 1)).symbol} ${formatValue(value)}`,
    );
  }
}
