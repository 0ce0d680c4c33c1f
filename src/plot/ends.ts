/**
 * Direct labels beside the ends of lines, with a sample of the line's own stroke, so that no line is told from another
 * by colour alone. They keep their order and their side of the level while lines cross and recross it, so that they do
 * not hop about while the lines oscillate.
 */
import type { StepAxis, ValueAxis } from './axis';
import { formatShort } from './format';
import { nudge, type Box, type Nudged } from './labels';
import type { ChartModel, Columns, Line } from './model';
import { lowerBound } from './nearest';
import { drawLine, setFont, setStroke, type PlotArea } from './paint';
import type { Pen } from './pen';
import type { PlotTheme } from './theme';

/** Samples to look back past gaps: the midpoint is not measured everywhere. */
const LOOK_BACK = 4;
/** Pixels that a label may be off its line's end while the data grow. */
const STRAY = 8;
/** The part of its height by which a label of growing data is passed before it gives up order or side. */
const SLACK = 0.4;
/** Heights over which a leader is still followed by the eye. */
const LEADER = 3;
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

/**
 * Pixel of the last sample of a column up to `step`, inside the axis; NaN where there is none. Of a growing line, the
 * middle of its last two steps where that is near, so that the label does not shake with a period-two oscillation.
 */
export function endHeight(
  { steps }: Columns,
  values: Float64Array,
  step: number,
  axis: ValueAxis,
  live: boolean,
): number {
  const end = lowerBound(steps, step + 0.5);
  for (let i = end - 1; i >= 0 && i >= end - LOOK_BACK; i--) {
    const y = axis.y(values[i]);
    if (y - y !== 0) continue;
    const shown = Math.min(Math.max(y, axis.top), axis.bottom);
    if (!live || shown !== y || i === 0 || steps[i] - steps[i - 1] > 1) return shown;
    const middle = (y + axis.y(values[i - 1])) / 2;
    return Math.abs(middle - y) <= STRAY ? middle : y;
  }
  return NaN;
}

export interface End extends Nudged {
  readonly id: string;
  /** Where its line ends. */
  readonly anchor: number;
}

/** The level's line, and room above it for its own label. */
export interface LevelRoom {
  readonly y: number;
  readonly above: number;
}

/** Gives labels their places; while the data grow, with a memory of order and sides, so that labels do not hop. */
export class LabelPlaces {
  #order: readonly string[] = [];
  readonly #above = new Set<string>();

  /**
   * Moves `ends` (each `size` high) apart and clear of the level, within [top, bottom], each on its own side of the level.
   * Returns the centre of the level's own room.
   */
  place(ends: End[], level: LevelRoom | null, size: number, top: number, bottom: number, live: boolean): number {
    this.#sort(ends, live ? size * SLACK : 0);
    if (!level) {
      nudge(ends, top, bottom);
      return NaN;
    }
    const clear = 3;
    const block = { at: level.y - level.above / 2, size: level.above + 2 * clear, weight: 1e6 };
    for (const { id, at } of ends) {
      const slack = live ? (this.#above.has(id) ? 1 : -1) * SLACK * size : 0;
      if (at < level.y + slack) this.#above.add(id);
      else this.#above.delete(id);
    }
    const above = ends.filter(({ id }) => this.#above.has(id));
    const below = ends.filter(({ id }) => !this.#above.has(id));
    nudge([...above, block, ...below], top, bottom);
    return block.at;
  }

  /** The order of last time, but for neighbours that have changed places by more than `slack`. */
  #sort(ends: End[], slack: number): void {
    const rank = ({ id }: End): number => {
      const known = this.#order.indexOf(id);
      return known < 0 ? this.#order.length : known;
    };
    ends.sort((a, b) => rank(a) - rank(b));
    for (let pass = 0; pass < ends.length; pass++) {
      for (let i = 0; i + 1 < ends.length; i++) {
        if (ends[i].at > ends[i + 1].at + slack) [ends[i], ends[i + 1]] = [ends[i + 1], ends[i]];
      }
    }
    this.#order = ends.map(({ id }) => id);
  }
}

/** A thin line from where something ends to a label that had to move away from it. */
export function drawLeader(pen: Pen, theme: PlotTheme, x0: number, y0: number, x1: number, y1: number): void {
  if (Math.abs(y1 - y0) <= STRAY / 2) return;
  setStroke(pen, { colour: theme.colours['ink-3'], width: 0.75, dash: [] });
  drawLine(pen, x0, y0, x1, y1);
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

  /** Draws them; returns the places taken. */
  draw(pen: Pen, theme: PlotTheme, area: PlotArea, steps: StepAxis, axis: ValueAxis, model: ChartModel): Box[] {
    const { text, colours } = theme;
    const { data, level, live, markers } = model;
    const size = labelHeight(theme);
    const lines = linesWithData(model);
    const ends = lines.flatMap(({ id }): End[] => {
      const values = data.column(id);
      const at = values ? endHeight(data, values, steps.hi, axis, live) : NaN;
      return Number.isFinite(at) ? [{ id, at, anchor: at, size, weight: 1 }] : [];
    });
    const raw = level ? axis.y(level.now) : NaN;
    const y = Math.min(Math.max(raw, area.top), area.bottom);
    const room = Number.isFinite(y) ? { y, above: size } : null;
    const levelAt = this.#places.place(ends, room, size, area.top - 0.9 * text, area.bottom + size / 2, live);

    const last = data.length > 0 ? data.steps[data.length - 1] : steps.lo;
    const inside = (step: number): number => Math.min(area.right, Math.max(area.left, steps.x(step)));
    // What happened after the last sample, a divergence, stands between the lines and their labels.
    const from = inside(markers.reduce((most, { step }) => Math.max(most, step), last)) + GAP * text;
    const boxes: Box[] = [];
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    setFont(pen, theme, 500);
    for (const { id, at, anchor } of ends) {
      const line = lines.find((other) => other.id === id);
      if (!line) continue;
      const colour = colours[line.colour];
      const near = Math.abs(at - anchor) <= LEADER * size && anchor > area.top;
      if (near) drawLeader(pen, theme, inside(last) + 1, anchor, from - 1, at);
      setStroke(pen, { colour, width: theme.line * line.weight, dash: line.dash });
      drawLine(pen, from, at, from + SWATCH * text, at);
      pen.fillStyle = colour;
      pen.fillText(line.symbol, from + (SWATCH + GAP) * text, at);
      const width = (SWATCH + GAP) * text + pen.measureText(line.symbol).width;
      boxes.push({ x: from, y: at - size / 2, width, height: size });
    }
    if (!level || !room) return boxes;
    const label = levelLabel(level.symbol, level.now);
    setFont(pen, theme, 600);
    pen.fillStyle = colours.threshold;
    pen.fillText(raw < area.top ? `${label} ↑` : label, area.right + GAP * text, levelAt - theme.level / 2);
    return boxes;
  }
}
