/**
 * Direct labels in the right margin, at the height where each line ends, with a sample of the line's own stroke, so that
 * no line is told from another by colour alone. The level keeps its label just above its line; the others make way.
 */
import type { ValueAxis } from './axis';
import type { StepAxis } from './axis';
import { nudge, type Nudged } from './labels';
import type { ChartModel, Line } from './model';
import { lowerBound } from './nearest';
import { drawLine, setFont, setStroke, type PlotArea } from './paint';
import type { Pen } from './pen';
import type { PlotTheme } from './theme';
import { formatShort } from './format';

/** A label's height is the mean over this many samples, in which a period-two oscillation cancels. */
const SMOOTHING = 16;
const HEIGHT = 1.25;
const SWATCH = 1.5;
const GAP = 0.6;

export function levelLabel(symbol: string, value: number): string {
  return `${symbol} = ${formatShort(value)}`;
}

function linesWithData({ data, lines }: ChartModel): Line[] {
  return lines.filter((line) => data.column(line.id) !== undefined);
}

/** Width of the right margin that the labels need, in CSS pixels. */
export function endsWidth(pen: Pen, theme: PlotTheme, model: ChartModel): number {
  const { text } = theme;
  setFont(pen, theme, 500);
  const widths = linesWithData(model).map(({ symbol }) => (SWATCH + 2 * GAP) * text + pen.measureText(symbol).width);
  setFont(pen, theme, 600);
  if (model.level) widths.push(GAP * text + pen.measureText(levelLabel(model.level.symbol, model.level.now)).width);
  return Math.max(0, ...widths) + GAP * text;
}

/** Mean pixel of the last samples up to `step`; NaN where there are none. */
function endHeight(steps: Float64Array, values: Float64Array, step: number, axis: ValueAxis): number {
  let sum = 0;
  let count = 0;
  const end = lowerBound(steps, step + 0.5);
  for (let i = end - 1; i >= 0 && i >= end - SMOOTHING; i--) {
    const y = axis.y(values[i]);
    if (y - y !== 0) continue;
    sum += Math.min(Math.max(y, axis.top), axis.bottom);
    count++;
  }
  return count > 0 ? sum / count : NaN;
}

interface End extends Nudged {
  readonly line: Line;
}

/** Draws the labels and remembers their order, so that lines that cross and recross do not make them hop. */
export class Ends {
  #order: readonly string[] = [];
  readonly #above = new Set<string>();

  draw(pen: Pen, theme: PlotTheme, area: PlotArea, steps: StepAxis, axis: ValueAxis, model: ChartModel): void {
    const size = theme.text * HEIGHT;
    const ends = this.#sorted(this.#ends(model, steps, axis, size), size);
    const level = model.level ? axis.y(model.level.now) : NaN;
    const items: Nudged[] = [];
    if (Number.isFinite(level)) {
      // The block holds the line itself and the label above it.
      const block = { at: level - size / 2 + 2, size: size + 6, weight: 1e6 };
      for (const end of ends) this.#choose(end, level, size);
      const above = ends.filter((end) => this.#above.has(end.line.id));
      const below = ends.filter((end) => !this.#above.has(end.line.id));
      items.push(...above, block, ...below);
    } else {
      items.push(...ends);
    }
    nudge(items, area.top - size, area.bottom + size / 2);
    this.#write(pen, theme, area, steps, ends, model);
    if (model.level && Number.isFinite(level)) {
      setFont(pen, theme, 600);
      pen.fillStyle = theme.colours.threshold;
      const y = Math.min(Math.max(level, area.top), area.bottom);
      const label = levelLabel(model.level.symbol, model.level.now);
      pen.fillText(level < area.top ? `${label} ↑` : label, area.right + GAP * theme.text, y - size / 2);
    }
  }

  #ends(model: ChartModel, steps: StepAxis, axis: ValueAxis, size: number): End[] {
    const { data } = model;
    return linesWithData(model).flatMap((line) => {
      const values = data.column(line.id);
      const at = values ? endHeight(data.steps, values, steps.hi, axis) : NaN;
      return Number.isFinite(at) ? [{ line, at, size, weight: 1 }] : [];
    });
  }

  /** The order of last time, but for neighbours that have clearly changed places. */
  #sorted(ends: End[], size: number): End[] {
    const rank = (end: End): number => {
      const known = this.#order.indexOf(end.line.id);
      return known < 0 ? this.#order.length : known;
    };
    ends.sort((a, b) => rank(a) - rank(b));
    for (let pass = 0; pass < ends.length; pass++) {
      for (let i = 0; i + 1 < ends.length; i++) {
        if (ends[i].at > ends[i + 1].at + size) [ends[i], ends[i + 1]] = [ends[i + 1], ends[i]];
      }
    }
    this.#order = ends.map(({ line }) => line.id);
    return ends;
  }

  /** A label goes above the level's only when its line is well above the level. */
  #choose(end: End, level: number, size: number): void {
    const needed = this.#above.has(end.line.id) ? 1.2 * size : 1.9 * size;
    if (level - end.at > needed) this.#above.add(end.line.id);
    else this.#above.delete(end.line.id);
    if (!this.#above.has(end.line.id)) end.at = Math.max(end.at, level + size / 2 + 4);
  }

  #write(pen: Pen, theme: PlotTheme, area: PlotArea, steps: StepAxis, ends: readonly End[], model: ChartModel): void {
    const { text, colours } = theme;
    const last = model.data.length > 0 ? model.data.steps[model.data.length - 1] : steps.lo;
    const from = Math.min(area.right, Math.max(area.left, steps.x(last))) + GAP * text;
    setFont(pen, theme, 500);
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    for (const { line, at } of ends) {
      const colour = colours[line.colour];
      setStroke(pen, { colour, width: theme.line * line.weight, dash: line.dash });
      drawLine(pen, from, at, from + SWATCH * text, at);
      pen.fillStyle = colour;
      pen.fillText(line.symbol, from + (SWATCH + GAP) * text, at);
    }
  }
}
