/**
 * A chart at one moment: its margins, axes, ticks and decimated lines, laid out for a size and theme, and how it is
 * painted. The live chart and the SVG export both come from here.
 */
import { StepAxis, ValueAxis, type Domain } from './axis';
import { createBand, createPath, createRuns, decimate, decimateBand, findRuns, type Band, type Path } from './decimate';
import { calmDomain, cutOff } from './domain';
import { EndLabels, endsWidth, levelLabel } from './ends';
import { formatShort, formatStep } from './format';
import type { Alignment } from './frame';
import { placeLabel, type Box } from './labels';
import { traceLevel } from './level';
import { drawMarkers } from './marks';
import type { ChartModel, ScaleKind } from './model';
import { lowerBound } from './nearest';
import { pathCrosses } from './obstacles';
import {
  drawBand,
  drawLine,
  drawNote,
  drawPath,
  drawPoints,
  drawStepAxis,
  drawValueAxis,
  setFont,
  setStroke,
  type PlotArea,
} from './paint';
import type { Pen } from './pen';
import type { PlotTheme } from './theme';
import { stepTicks, valueTicks, type Tick } from './ticks';

/** Values further below the level than this are off a log axis that has one. */
const LOG_DEPTH = 1e-5;
const SAMPLED = 256;
/** A preview further above what is shown than this is only pointed at. */
const PREVIEW_REACH = 2.5;

interface Layer {
  readonly path: Path;
  readonly band: Band;
}

/** A run that has left all bounds ends in values that say nothing but that. */
function hasDiverged({ markers }: ChartModel): boolean {
  return markers.some(({ shape }) => shape === 'cross');
}

/** Whether steps were left out just before the sample at `step`. */
function isSparse(steps: Float64Array, step: number): boolean {
  const i = lowerBound(steps, step - 0.25);
  return i > 0 && i < steps.length && steps[i] - steps[i - 1] > 1.5;
}

export class Scene {
  area: PlotArea = { left: 0, right: 1, top: 0, bottom: 1 };
  steps = new StepAxis({ lo: 0, hi: 1 }, 0, 1);
  axis = new ValueAxis('linear', { lo: 0, hi: 1 }, 0, 1);
  readonly #layers = new Map<string, Layer>();
  readonly #runs = createRuns();
  readonly #ends = new EndLabels();
  readonly #sample = new Float64Array(SAMPLED);
  #domain: Domain | null = null;
  #kind: ScaleKind | null = null;
  #zoomed = false;
  #valueTicks: readonly Tick[] = [];
  #stepTicks: readonly Tick[] = [];

  /** Lays everything out; `alignment` learns what margins this chart needs and says which it gets. */
  layOut(
    pen: Pen,
    theme: PlotTheme,
    width: number,
    height: number,
    model: ChartModel,
    shown: Domain,
    zoomed: boolean,
    alignment: Alignment,
  ): void {
    const { text } = theme;
    const top = text;
    const bottom = Math.max(top + 1, height - text * 2.3);
    if (this.#kind !== model.scale || this.#zoomed !== zoomed) this.#domain = null;
    this.#kind = model.scale;
    this.#zoomed = zoomed;
    const right = endsWidth(pen, theme, model);
    // Margins decide the columns, the columns the extremes, those the ticks, and their width the margins: twice will do.
    for (let pass = 0; pass < 2; pass++) {
      const left = Math.max(alignment.left, 1);
      const area = { left, right: Math.max(left + 1, width - alignment.right), top, bottom };
      this.area = area;
      this.steps = new StepAxis(shown, area.left, area.right);
      this.#decimate(model);
      this.#domain = calmDomain(model.scale, this.#domain, this.#wanted(model, zoomed));
      this.axis = new ValueAxis(model.scale, this.#domain, top, bottom);
      this.#valueTicks = valueTicks(model.scale, this.#domain, bottom - top, text * 3.4);
      setFont(pen, theme);
      const widest = Math.max(0, ...this.#valueTicks.map(({ label }) => pen.measureText(label).width));
      alignment.need(this, { left: widest + text, right });
      if (alignment.left === left && area.right === width - alignment.right) break;
    }
    const measure = (label: string): number => pen.measureText(label).width;
    this.#stepTicks = stepTicks(shown, this.area.right - this.area.left, text * 5, measure);
  }

  #layer(id: string): Layer {
    let layer = this.#layers.get(id);
    if (!layer) {
      layer = { path: createPath(), band: createBand() };
      this.#layers.set(id, layer);
    }
    return layer;
  }

  #decimate({ data, lines, level, scale }: ChartModel): void {
    const { steps } = data;
    const from = Math.max(0, lowerBound(steps, this.steps.lo) - 1);
    const to = Math.min(data.length, lowerBound(steps, this.steps.hi) + 1);
    findRuns(steps, from, to, this.steps, this.#runs);
    const positive = scale === 'log';
    for (const { id, residual } of lines) {
      const { path, band } = this.#layer(id);
      const values = data.column(id);
      path.count = band.count = 0;
      path.lo = Infinity;
      path.hi = -Infinity;
      if (!values) continue;
      decimate(steps, values, this.#runs, this.steps, positive, path);
      const residuals = residual === null ? undefined : data.column(residual);
      if (residuals) decimateBand(steps, values, residuals, this.#runs, this.steps, band);
    }
    if (!level) return;
    traceLevel(level, data, this.steps, this.#layer(level.id).path);
  }

  #wanted(model: ChartModel, zoomed: boolean): { lo: number; hi: number; levels: number[]; fromZero: boolean } {
    let lo = Infinity;
    let hi = -Infinity;
    for (const { id } of model.lines) {
      const { path } = this.#layer(id);
      lo = Math.min(lo, path.lo);
      hi = Math.max(hi, path.hi);
    }
    const levels: number[] = [];
    if (model.level) {
      const { path } = this.#layer(model.level.id);
      levels.push(model.level.now);
      if (path.lo <= path.hi) levels.push(path.lo, path.hi);
      const highest = Math.max(...levels);
      if (model.scale === 'linear') hi = cutOff(hi, highest, this.#visible(model), hasDiverged(model));
      else lo = Math.max(lo, LOG_DEPTH * highest);
      const { preview } = model.level;
      if (preview !== null && preview <= PREVIEW_REACH * Math.max(hi, highest)) levels.push(preview);
    }
    return { lo, hi, levels, fromZero: !zoomed };
  }

  /** A few hundred of the visible values of the first line, to tell a few spikes from a high run. */
  #visible({ lines }: ChartModel): Float64Array {
    if (lines.length === 0) return this.#sample.subarray(0, 0);
    const { value, count } = this.#layer(lines[0].id).path;
    const stride = Math.max(1, Math.ceil(count / SAMPLED));
    let kept = 0;
    for (let i = 0; i < count; i += stride) if (value[i] === value[i]) this.#sample[kept++] = value[i];
    return this.#sample.subarray(0, kept);
  }

  /** Paints what was laid out last. `stepName` stands at the right end of the step axis. */
  paint(pen: Pen, theme: PlotTheme, model: ChartModel, width: number, stepName: string): void {
    const { area, axis, steps } = this;
    const { colours } = theme;
    drawValueAxis(pen, theme, area, axis, this.#valueTicks);
    drawStepAxis(pen, theme, area, steps, this.#stepTicks, stepName);
    const taken: Box[] = [];
    pen.save();
    pen.beginPath();
    pen.rect(area.left - 1, area.top - theme.line, area.right - area.left + 2, area.bottom - area.top + 2 * theme.line);
    pen.clip();
    for (const { id, colour } of model.lines) drawBand(pen, this.#layer(id).band, axis, colours[colour]);
    // The first line matters most and lies on top of the others; the level shows through all of them.
    for (const { id, colour, weight, dash, opacity, swings } of model.lines.toReversed()) {
      pen.globalAlpha = opacity;
      const stroke = { colour: colours[colour], width: theme.line * weight, dash };
      if (swings) drawPoints(pen, this.#layer(id).path, axis, stroke, (x) => isSparse(model.data.steps, steps.step(x)));
      else drawPath(pen, this.#layer(id).path, axis, stroke);
    }
    pen.globalAlpha = 1;
    pen.restore();
    pen.save();
    pen.beginPath();
    pen.rect(area.left, area.top - theme.text, width - area.left, area.bottom - area.top + theme.text);
    pen.clip();
    if (model.level) this.#paintLevel(pen, theme, model, width, taken);
    pen.restore();
    taken.push(...this.#ends.draw(pen, theme, area, steps, axis, model));
    this.#paintBeyond(pen, theme, model, taken);
    const crossed = (box: Box): boolean => model.lines.some(({ id }) => pathCrosses(this.#layer(id).path, axis, box));
    drawMarkers(pen, theme, area, steps, axis, model.markers, taken, crossed);
  }

  #paintLevel(pen: Pen, theme: PlotTheme, model: ChartModel, width: number, taken: Box[]): void {
    const { level } = model;
    if (!level) return;
    const { area, axis } = this;
    const stroke = { colour: theme.colours.threshold, width: theme.level, dash: [] };
    const { path } = this.#layer(level.id);
    drawPath(pen, path, axis, stroke, true);
    const last = path.count > 0 ? Math.max(area.left, path.x[path.count - 1]) : area.left;
    const y = axis.y(level.now);
    setStroke(pen, stroke);
    if (last < width && Number.isFinite(y)) {
      const before = path.count > 0 ? axis.y(path.value[path.count - 1]) : y;
      pen.beginPath();
      pen.moveTo(last, Number.isFinite(before) ? before : y);
      pen.lineTo(last, y);
      pen.lineTo(width, y);
      pen.stroke();
    }
    if (Number.isFinite(y)) taken.push({ x: area.left, y: y - 3, width: area.right - area.left, height: 6 });
    if (level.preview === null || level.preview === level.now) return;
    const raw = axis.y(level.preview);
    const at = Math.min(Math.max(raw, area.top), area.bottom);
    if (at === raw) {
      setStroke(pen, { ...stroke, dash: [4, 3] });
      drawLine(pen, area.left, at, width, at);
    }
    setFont(pen, theme, 600);
    const label = `${levelLabel(level.symbol, level.preview)}${raw < area.top ? ' ↑' : raw > area.bottom ? ' ↓' : ''}`;
    const size = { width: pen.measureText(label).width, height: theme.text * 1.25 };
    const x = area.left + theme.text * 0.6;
    const above = { x, y: at - size.height - 2, ...size };
    const bounds = { x: 0, y: 0, width: area.right, height: area.bottom };
    const box = placeLabel([above, { ...above, y: at + 4 }], bounds, taken);
    if (box) drawNote(pen, theme, label, box.x, box.y + box.height / 2, theme.colours.threshold);
  }

  /** Says what the axis does not show: an arrow at the highest value cut off, a count of what a log axis dropped. */
  #paintBeyond(pen: Pen, theme: PlotTheme, model: ChartModel, taken: Box[]): void {
    const { area, axis, steps } = this;
    const { text, colours } = theme;
    let highest = axis.hi;
    let at = NaN;
    let dropped = 0;
    let below = false;
    for (const { id } of model.lines) {
      const { path } = this.#layer(id);
      dropped += path.dropped;
      if (path.lo < axis.lo) below = true;
      if (!(path.hi > highest)) continue;
      highest = path.hi;
      at = path.x[path.value.subarray(0, path.count).indexOf(path.hi)];
    }
    setFont(pen, theme);
    const height = text * 1.25;
    const bounds = { x: area.left, y: 0, width: area.right - area.left, height: area.bottom };
    if (highest > axis.hi * (1 + 1e-9) && at >= area.left - 1 && at <= area.right + 1) {
      const label = `${formatShort(highest, 3)} at step ${formatStep(Math.round(steps.step(at)))}, off the scale`;
      const width = pen.measureText(label).width;
      const size = text * 0.35;
      pen.fillStyle = colours.ink;
      pen.beginPath();
      pen.moveTo(at, area.top - 2 * size);
      pen.lineTo(at + size, area.top);
      pen.lineTo(at - size, area.top);
      pen.closePath();
      pen.fill();
      const y = area.top - text * 0.9;
      const places = [at + 2 * size, at - 2 * size - width].map((x) => ({ x, y, width, height }));
      const box = placeLabel(places, bounds, taken);
      if (box) drawNote(pen, theme, label, box.x, box.y + height / 2, colours.ink);
    }
    const note =
      dropped > 0
        ? `${formatStep(dropped)} ${dropped === 1 ? 'value' : 'values'} ≤ 0 not on the log axis`
        : below
          ? 'values below the axis not shown'
          : '';
    if (!note || axis.kind === 'linear') return;
    const box = { x: area.left + text * 0.5, y: area.bottom - height, width: pen.measureText(note).width, height };
    if (placeLabel([box], bounds, taken)) drawNote(pen, theme, note, box.x, box.y + height / 2, colours['ink-2']);
  }
}
