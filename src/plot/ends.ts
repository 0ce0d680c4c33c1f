/**
 * Direct labels beside the ends of lines, with a sample of the line's own stroke, so that no line is told from another
 * by colour alone. They keep their order and their side of the level while lines cross and recross it, so that they do
 * not hop about while the lines oscillate.
 */
import type { StepAxis, ValueAxis } from './axis';
import { formatShort } from './format';
import { nudge, type Nudged } from './labels';
import type { ChartModel, Columns, Line } from './model';
import { lowerBound } from './nearest';
import { drawLine, setFont, setStroke, type PlotArea } from './paint';
import type { Pen } from './pen';
import type { PlotTheme } from './theme';

/** A label's height is the mean over this many samples, in which a period-two oscillation cancels. */
const SMOOTHING = 4;
const HEIGHT = 1.25;
const SWATCH = 1.5;
const GAP = 0.6;

export function levelLabel(symbol: string, value: number): string {
  return `${symbol} = ${formatShort(value)}`;
}

/** Height of a label's place, in CSS pixels. */
export function labelHeight(theme: PlotTheme): number {
  return theme.text * HEIGHT;
}

/** Mean pixel of the last samples of a column up to `step`, inside the axis; NaN where there are none. */
export function endHeight({ steps }: Columns, values: Float64Array, step: number, axis: ValueAxis): number {
  let sum = 0;
  let count = 0;
  const end = lowerBound(steps, step + 0.5);
  for (let i = end - 1; i >= 0 && i >= end - SMOOTHING; i--) {
    const y = axis.y(values[i]);
    if (y - y !== 0) continue;
    const shown = Math.min(Math.max(y, axis.top), axis.bottom);
    // A line that has left the axis is labelled where it left.
    if (shown !== y && count === 0) return shown;
    sum += shown;
    count++;
  }
  return count > 0 ? sum / count : NaN;
}

export interface End extends Nudged {
  readonly id: string;
}

/** The level's line, and room above it for its own label. */
export interface LevelRoom {
  readonly y: number;
  readonly above: number;
}

/** Gives labels their places, with a memory of the last ones. */
export class LabelPlaces {
  #order: readonly string[] = [];
  readonly #above = new Set<string>();

  /** Moves `ends` (each `size` high) apart and clear of the level, within [top, bottom]. */
  place(ends: End[], level: LevelRoom | null, size: number, top: number, bottom: number): void {
    this.#sort(ends, size);
    if (!level) {
      nudge(ends, top, bottom);
      return;
    }
    const clear = 3;
    const block = { at: level.y - level.above / 2, size: level.above + 2 * clear, weight: 1e6 };
    for (const end of ends) {
      const distance = level.y - end.at - level.above;
      if (distance > (this.#above.has(end.id) ? 0.2 : 0.9) * size) this.#above.add(end.id);
      else {
        this.#above.delete(end.id);
        end.at = Math.max(end.at, level.y + size / 2 + clear);
      }
    }
    const above = ends.filter(({ id }) => this.#above.has(id));
    const below = ends.filter(({ id }) => !this.#above.has(id));
    nudge([...above, block, ...below], top, bottom);
  }

  /** The order of last time, but for neighbours that have clearly changed places. */
  #sort(ends: End[], size: number): void {
    const rank = ({ id }: End): number => {
      const known = this.#order.indexOf(id);
      return known < 0 ? this.#order.length : known;
    };
    ends.sort((a, b) => rank(a) - rank(b));
    for (let pass = 0; pass < ends.length; pass++) {
      for (let i = 0; i + 1 < ends.length; i++) {
        if (ends[i].at > ends[i + 1].at + size) [ends[i], ends[i + 1]] = [ends[i + 1], ends[i]];
      }
    }
    this.#order = ends.map(({ id }) => id);
  }
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

/** The labels at the right of a chart over steps; the level's own stands just above its line. */
export class EndLabels {
  readonly #places = new LabelPlaces();

  draw(pen: Pen, theme: PlotTheme, area: PlotArea, steps: StepAxis, axis: ValueAxis, model: ChartModel): void {
    const { text, colours } = theme;
    const { data, level } = model;
    const size = labelHeight(theme);
    const lines = linesWithData(model);
    const ends = lines.flatMap(({ id }): End[] => {
      const values = data.column(id);
      const at = values ? endHeight(data, values, steps.hi, axis) : NaN;
      return Number.isFinite(at) ? [{ id, at, size, weight: 1 }] : [];
    });
    const raw = level ? axis.y(level.now) : NaN;
    const y = Math.min(Math.max(raw, area.top), area.bottom);
    const room = Number.isFinite(y) ? { y, above: size } : null;
    this.#places.place(ends, room, size, area.top - 0.9 * text, area.bottom + size / 2);

    const last = data.length > 0 ? data.steps[data.length - 1] : steps.lo;
    const from = Math.min(area.right, Math.max(area.left, steps.x(last))) + GAP * text;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    setFont(pen, theme, 500);
    for (const { id, at } of ends) {
      const line = lines.find((other) => other.id === id);
      if (!line) continue;
      const colour = colours[line.colour];
      setStroke(pen, { colour, width: theme.line * line.weight, dash: line.dash });
      drawLine(pen, from, at, from + SWATCH * text, at);
      pen.fillStyle = colour;
      pen.fillText(line.symbol, from + (SWATCH + GAP) * text, at);
    }
    if (!level || !room) return;
    const label = levelLabel(level.symbol, level.now);
    setFont(pen, theme, 600);
    pen.fillStyle = colours.threshold;
    pen.fillText(raw < area.top ? `${label} ↑` : label, area.right + GAP * text, y - size / 2 - theme.level / 2);
  }
}
