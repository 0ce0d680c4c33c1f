/**
 * The present spectrum on the stability chart's value axis, row by row of pixels, so that 2/η is one line through both.
 * Left a rug of all Ritz values of the last Lanczos run, right the tracked eigenvalues with their residual bounds.
 */
import { seriesEntry, lambdaSeries } from '../../experiment/catalogue';
import type { ValueAxis } from '../../plot/axis';
import { drawLeader, labelHeight, levelLabel } from '../../plot/ends';
import { figurePng, figureSvg, type FigureText, type PaintChart } from '../../plot/figure';
import { formatStep, formatValue } from '../../plot/format';
import type { Level } from '../../plot/model';
import { crisp, drawDot, drawLine, setFont, setStroke, type PlotArea } from '../../plot/paint';
import type { Pen } from '../../plot/pen';
import { schedule, unschedule } from '../../plot/scheduler';
import { Surface } from '../../plot/surface';
import type { PlotTheme } from '../../plot/theme';
import { valueTicks } from '../../plot/ticks';
import type { Spectrum } from '../../worker/protocol';
import { sharedAxis } from '../frame/shared';
import { lambdaColour, lambdaDash } from '../stability/model';
import { labelSpectrum } from './labels';

export interface SpectrumModel {
  readonly spectrum: Spectrum | null;
  readonly level: Level | null;
  /** Whether samples keep coming. */
  readonly live: boolean;
}

/** While samples keep coming, dots and numbers change together, no faster than can be read. */
const RENEWAL_MS = 100;

export class SpectrumChart {
  readonly #surface: Surface;
  readonly #unsubscribe: () => void;
  readonly #onShow: (spectrum: Spectrum | null) => void;
  #model: SpectrumModel | null = null;
  /** The sample on the screen. */
  #shown: Spectrum | null = null;
  #renewed = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onShow called with every sample that comes on the screen, and when the run comes to a halt */
  constructor(host: HTMLElement, onShow: (spectrum: Spectrum | null) => void) {
    this.#surface = new Surface(host, 1, this.#invalidate);
    this.#onShow = onShow;
    this.#unsubscribe = sharedAxis.subscribe(this.#invalidate);
  }

  set(model: SpectrumModel): void {
    const halted = this.#model?.live === true && !model.live;
    this.#model = model;
    const wait = model.live && model.spectrum ? this.#renewed + RENEWAL_MS - performance.now() : 0;
    if (wait <= 0) this.#renew(halted);
    else this.#timer ??= setTimeout(() => this.#renew(false), wait);
    this.#invalidate();
  }

  #renew(anew: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const spectrum = this.#model?.spectrum ?? null;
    if (spectrum === this.#shown && !anew) return;
    this.#renewed = performance.now();
    this.#shown = spectrum;
    this.#onShow(spectrum);
    this.#invalidate();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    unschedule(this.#draw);
    this.#unsubscribe();
    this.#surface.destroy();
  }

  svg(text: FigureText): string {
    return figureSvg(this.#surface, text, this.#paintAlone);
  }

  png(text: FigureText): Promise<Blob> {
    return figurePng(this.#surface, text, this.#paintAlone);
  }

  /** With an axis of its own. */
  #paintAlone: PaintChart = (pen, theme, width, height) => this.#paint(pen, theme, width, height, true);

  #invalidate = (): void => schedule(this.#draw);

  #draw = (): void => {
    const { width, height, theme } = this.#surface;
    if (width < 40 || height < 40) return;
    this.#paint(this.#surface.wipe(0), theme, width, height, false);
  };

  /** The shared axis in this element's own pixels, or the same values over the whole height where not beside it. */
  #axis(height: number, text: number, alone: boolean): { axis: ValueAxis; beside: boolean } | null {
    const { axis, host } = sharedAxis.getState();
    if (!axis || !host) return null;
    const shift = host.getBoundingClientRect().top - this.#surface.host.getBoundingClientRect().top;
    const beside = !alone && Math.abs(shift) < height / 2;
    if (beside) return { axis: axis.between(axis.top + shift, axis.bottom + shift), beside };
    return { axis: axis.between(text, height - text * 2.6), beside };
  }

  #paint(pen: Pen, theme: PlotTheme, width: number, height: number, alone: boolean): void {
    const found = this.#axis(height, theme.text, alone);
    if (!found || !this.#model) return;
    const { axis, beside } = found;
    const { text, colours } = theme;
    const left = beside ? text * 0.5 : text * 3.2;
    const area: PlotArea = { left, right: width, top: axis.top, bottom: axis.bottom };
    const { level } = this.#model;
    const spectrum = this.#shown;
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
    const note = spectrum ? this.#paintRug(pen, theme, area, axis, spectrum, level) : width;
    if (level) this.#paintLevel(pen, theme, axis, level, beside ? 0 : left, width, !beside);
    if (spectrum) this.#paintEigenvalues(pen, theme, area, axis, spectrum, level, note);
  }

  /** All Ritz values; returns where a note on those below the axis begins, in the last row of the plot. */
  #paintRug(
    pen: Pen,
    theme: PlotTheme,
    area: PlotArea,
    axis: ValueAxis,
    spectrum: Spectrum,
    level: Level | null,
  ): number {
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
    if (below === 0) return area.right;
    setFont(pen, theme, 400, 0.92);
    pen.fillStyle = colours['ink-2'];
    pen.textAlign = 'right';
    pen.textBaseline = 'bottom';
    const note = `↓ ${formatStep(below)} more, least ${formatValue(least, 2)}`;
    const line = level ? axis.y(level.now) : NaN;
    const crossed = line < area.bottom + 3 && line > area.bottom - 3 - text;
    pen.fillText(note, area.right, (crossed ? line : area.bottom) - 3);
    return area.right - pen.measureText(note).width;
  }

  #paintLevel(
    pen: Pen,
    theme: PlotTheme,
    axis: ValueAxis,
    { now, preview, symbol }: Level,
    from: number,
    to: number,
    labelled: boolean,
  ): void {
    const stroke = { colour: theme.colours.threshold, width: theme.level, dash: [] };
    for (const [value, dash] of [
      [now, []],
      [preview, [4, 3]],
    ] as const) {
      const y = value === null ? NaN : axis.y(value);
      if (!(y >= axis.top - 1 && y <= axis.bottom + 1)) continue;
      setStroke(pen, { ...stroke, dash });
      drawLine(pen, from, y, to, y);
      if (!labelled || value === null) continue;
      setFont(pen, theme, 600);
      pen.textAlign = 'right';
      pen.textBaseline = 'bottom';
      pen.fillStyle = stroke.colour;
      pen.fillText(levelLabel(symbol, value), to, y - 2);
    }
  }

  #paintEigenvalues(
    pen: Pen,
    theme: PlotTheme,
    area: PlotArea,
    axis: ValueAxis,
    spectrum: Spectrum,
    level: Level | null,
    note: number,
  ): void {
    const { text, colours, line } = theme;
    const from = area.left + text * 1.3;
    const dot = from + text * 1.6;
    const radius = Math.max(3, line * 2);
    const inside = (y: number): number => Math.min(Math.max(y, area.top), area.bottom);
    const anchors: number[] = [];
    spectrum.values.forEach((value, i) => {
      const y = axis.y(value);
      if (!(y <= area.bottom + 0.5)) return;
      const colour = colours[lambdaColour(i + 1)];
      const shown = inside(y);
      setStroke(pen, { colour, width: line, dash: lambdaDash(i + 1) });
      drawLine(pen, from, shown, dot, shown);
      setStroke(pen, { colour, width: line, dash: [] });
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
      anchors.push(shown);
    });
    const texts = anchors.map(
      (_, i) => `${seriesEntry(lambdaSeries(i + 1)).symbol} ${formatValue(spectrum.values[i])}`,
    );
    setFont(pen, theme, 500);
    const x = dot + text * 1.3;
    const merged = texts.length > 3 ? pen.measureText('… and 10 more').width : 0;
    const widest = texts.reduce((most, label) => Math.max(most, pen.measureText(label).width), merged);
    const size = labelHeight(theme);
    const bottom = x + widest + text * 0.5 > note ? area.bottom - size : area.bottom;
    const at = level ? inside(axis.y(level.now)) : NaN;
    const labels = labelSpectrum(anchors, texts, { level: at, size, top: area.top - 0.9 * text, bottom });
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    for (const label of labels) {
      drawLeader(pen, theme, dot + radius + 1, label.anchor, x - 2, label.at);
      pen.fillStyle = label.index < 0 ? colours['ink-2'] : colours[lambdaColour(label.index + 1)];
      pen.fillText(label.text, x, label.at);
    }
  }
}
