/**
 * A live chart of series over steps on two canvases: the lines, redrawn when data, size or theme change, and the
 * crosshair above them, redrawn when the pointer moves. All charts share one animation frame, and nothing is drawn
 * that did not change. React-free; `ChartView` puts it into a page.
 */
import type { Domain, ValueAxis } from './axis';
import { figurePng, figureSvg, type FigureText, type PaintChart } from './figure';
import type { Alignment } from './frame';
import { listen, type GestureTarget } from './gestures';
import { EMPTY_MODEL, type ChartModel, type CursorLink } from './model';
import { nearest } from './nearest';
import { crisp, drawDot, drawLine, setStroke } from './paint';
import { readAt, Readout, spoken } from './readout';
import { Scene } from './scene';
import { schedule, unschedule } from './scheduler';
import { Surface } from './surface';
import { clampDomain, fullDomain, panDomain, zoomDomain } from './viewport';

export interface TimeChartOptions {
  readonly host: HTMLElement;
  readonly readout: HTMLElement;
  readonly alignment: Alignment;
  readonly cursor: CursorLink;
  /** Name of the step axis. */
  readonly stepName: string;
  /** Says a crosshair moved by keys to screen readers. */
  readonly announce: (text: string) => void;
  /** Called after every painting with the value axis it used. */
  readonly onPaint?: (axis: ValueAxis) => void;
}

export class TimeChart implements GestureTarget {
  readonly #options: TimeChartOptions;
  readonly #surface: Surface;
  readonly #scene = new Scene();
  readonly #readout: Readout;
  readonly #leave: readonly (() => void)[];
  #model: ChartModel = EMPTY_MODEL;
  #stale = true;
  /** Where the pointer rests, so that the crosshair keeps under it while the run goes on. */
  #pointer: number | null = null;
  #brush: readonly [number, number] | null = null;

  constructor(options: TimeChartOptions) {
    this.#options = options;
    this.#surface = new Surface(options.host, 2, this.#invalidate);
    this.#readout = new Readout(options.readout);
    let domain = options.cursor.getState().domain;
    this.#leave = [
      listen(options.host, this),
      options.alignment.subscribe(this.#invalidate),
      options.cursor.subscribe(() => {
        const now = options.cursor.getState().domain;
        if (now !== domain) this.#stale = true;
        domain = now;
        schedule(this.#draw);
      }),
    ];
  }

  get model(): ChartModel {
    return this.#model;
  }

  /** Shows this model from the next frame on. Call it again whenever the data have grown. */
  set(model: ChartModel): void {
    this.#model = model;
    this.#invalidate();
  }

  /** What is on the screen, as an SVG document. */
  svg(text: FigureText): string {
    return figureSvg(this.#surface, text, this.#paint);
  }

  /** What is on the screen, as a PNG image at twice the size. */
  png(text: FigureText): Promise<Blob> {
    return figurePng(this.#surface, text, this.#paint);
  }

  #paint: PaintChart = (pen, theme, width) => {
    this.#scene.paint(pen, theme, this.#model, width, this.#options.stepName);
  };

  destroy(): void {
    unschedule(this.#draw);
    for (const leave of this.#leave) leave();
    this.#options.alignment.leave(this.#scene);
    this.#surface.destroy();
  }

  get #last(): number {
    const { data, markers } = this.#model;
    const sampled = data.length > 0 ? data.steps[data.length - 1] : 0;
    // A divergence is found one step after the last measurement.
    return markers.reduce((last, { step }) => Math.max(last, step), sampled);
  }

  get #full(): Domain {
    return fullDomain(this.#last);
  }

  get #shown(): Domain {
    const { domain } = this.#options.cursor.getState();
    return domain ? { lo: domain[0], hi: domain[1] } : this.#full;
  }

  #invalidate = (): void => {
    this.#stale = true;
    schedule(this.#draw);
  };

  #draw = (): void => {
    const surface = this.#surface;
    const { width, height, theme } = surface;
    if (width < 40 || height < 40) return;
    if (this.#stale) {
      this.#stale = false;
      const { cursor, alignment, stepName, onPaint } = this.#options;
      const pen = surface.wipe(0);
      const zoomed = cursor.getState().domain !== null;
      this.#scene.layOut(pen, theme, width, height, this.#model, this.#shown, zoomed, alignment);
      this.#scene.paint(pen, theme, this.#model, width, stepName);
      if (this.#pointer !== null) this.point(this.#pointer);
      onPaint?.(this.#scene.axis);
    }
    this.#drawCrosshair();
  };

  #drawCrosshair(): void {
    const { theme, width, height } = this.#surface;
    const pen = this.#surface.wipe(1);
    const { area, steps, axis } = this.#scene;
    if (this.#brush) {
      const [from, to] = this.#brush;
      pen.fillStyle = theme.colours.accent;
      pen.globalAlpha = 0.14;
      pen.beginPath();
      pen.rect(Math.min(from, to), area.top, Math.abs(to - from), area.bottom - area.top);
      pen.fill();
      pen.globalAlpha = 1;
    }
    const { cursor } = this.#options.cursor.getState();
    const { data, lines } = this.#model;
    const text = cursor === null || cursor < steps.lo - 1 ? null : readAt(this.#model, cursor, theme);
    const x = text ? steps.x(data.steps[text.index]) : NaN;
    if (!text || x < area.left - 1 || x > area.right + 1) {
      this.#readout.hide();
      return;
    }
    setStroke(pen, { colour: theme.colours['ink-2'], width: 1, dash: [] });
    drawLine(pen, crisp(x), area.top, crisp(x), area.bottom);
    let highest = area.bottom;
    for (const { id, colour } of lines) {
      const y = axis.y(data.column(id)?.[text.index] ?? NaN);
      if (!(y >= area.top && y <= area.bottom)) continue;
      highest = Math.min(highest, y);
      pen.fillStyle = theme.colours.paper;
      drawDot(pen, x, y, theme.line * 1.5 + 2.5);
      pen.fillStyle = theme.colours[colour];
      drawDot(pen, x, y, theme.line * 1.5 + 1);
    }
    const atBottom = highest < (area.top + area.bottom) / 2;
    this.#readout.show(text, x, width, area.top, height - area.bottom + theme.text * 0.5, atBottom);
  }

  #zoomTo(domain: Domain | null): void {
    this.#options.cursor.setState({ domain: domain && [domain.lo, domain.hi] });
  }

  point(x: number | null): void {
    this.#pointer = x;
    const { steps, area } = this.#scene;
    const { data } = this.#model;
    const inside = x !== null && x >= area.left - 6 && x <= area.right + 6;
    const index = inside ? nearest(data.steps, steps.step(x)) : -1;
    const cursor = index < 0 ? null : data.steps[index];
    const link = this.#options.cursor;
    if (link.getState().cursor !== cursor) link.setState({ cursor });
  }

  walk(samples: number): void {
    const { data } = this.#model;
    if (data.length === 0) return;
    const { cursor } = this.#options.cursor.getState();
    const from = cursor === null ? data.length - 1 : nearest(data.steps, cursor);
    const moved = cursor === null && Number.isFinite(samples) ? from : from + samples;
    const index = Math.min(Math.max(moved, 0), data.length - 1);
    this.#pointer = null;
    const step = data.steps[index];
    this.#options.cursor.setState({ cursor: step });
    const { lo, hi } = this.#shown;
    if (step < lo || step > hi) this.#zoomTo(panDomain({ lo, hi }, step < lo ? step - lo : step - hi, this.#full));
    const text = readAt(this.#model, step, this.#surface.theme);
    if (text) this.#options.announce(spoken(text));
  }

  zoom(factor: number, x: number | null): void {
    const { steps } = this.#scene;
    const shown = this.#shown;
    const { cursor } = this.#options.cursor.getState();
    const about = x !== null ? steps.step(x) : (cursor ?? shown.hi);
    this.#zoomTo(zoomDomain(shown, factor, Math.min(Math.max(about, shown.lo), shown.hi), this.#full));
  }

  pan(pixels: number): void {
    if (this.#options.cursor.getState().domain === null) return;
    this.#zoomTo(panDomain(this.#shown, pixels / this.#scene.steps.perStep, this.#full));
  }

  brush(from: number | null, to: number | null): void {
    const { left, right } = this.#scene.area;
    const inside = (x: number): number => Math.min(Math.max(x, left), right);
    this.#brush = from === null || to === null ? null : [inside(from), inside(to)];
    schedule(this.#draw);
  }

  zoomTo(from: number, to: number): void {
    const { steps, area } = this.#scene;
    const lo = steps.step(Math.max(from, area.left));
    const hi = steps.step(Math.min(to, area.right));
    if (hi > lo) this.#zoomTo(clampDomain({ lo, hi }, this.#full));
  }

  reset(): boolean {
    const { cursor, domain } = this.#options.cursor.getState();
    if (cursor === null && domain === null) return false;
    this.#pointer = null;
    this.#options.cursor.setState({ cursor: null, domain: null });
    return true;
  }
}
