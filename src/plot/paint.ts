/** How paths, bands and axes are drawn. Positions in CSS pixels; the callers choose colours and clip. */
import type { StepAxis, ValueAxis } from './axis';
import type { Band, Path } from './decimate';
import type { Pen } from './pen';
import type { PlotTheme } from './theme';
import type { Tick } from './ticks';

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  /** In units of the width. */
  readonly dash: readonly number[];
}

/** The plot's own rectangle, inside the margins. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function setStroke(pen: Pen, { colour, width, dash }: Stroke): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  pen.lineCap = 'butt';
  pen.setLineDash(dash.map((length) => length * width));
}

export function setFont(pen: Pen, theme: PlotTheme, weight = 400, scale = 1): void {
  pen.font = `${weight} ${Math.round(theme.text * scale * 10) / 10}px ${theme.font}`;
}

/** A straight line, on the pixel grid where it is level or upright and one pixel wide. */
export function drawLine(pen: Pen, x0: number, y0: number, x1: number, y1: number): void {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

/** The pixel centre nearest to a position, so that a hairline is sharp. */
export function crisp(position: number): number {
  return Math.floor(position) + 0.5;
}

/** The path as a polyline; a sample between two gaps becomes a dot. `held` draws a step function instead. */
export function drawPath(pen: Pen, path: Path, axis: ValueAxis, stroke: Stroke, held = false): void {
  const { x, value, count } = path;
  setStroke(pen, stroke);
  pen.beginPath();
  let down = false;
  let before = NaN;
  for (let i = 0; i < count; i++) {
    const y = axis.y(value[i]);
    if (y - y !== 0) {
      down = false;
      continue;
    }
    if (!down) {
      pen.moveTo(x[i], y);
      const alone = i + 1 === count || value[i + 1] !== value[i + 1];
      if (alone) pen.lineTo(x[i] + 0.01, y);
    } else {
      if (held) pen.lineTo(x[i], before);
      pen.lineTo(x[i], y);
    }
    before = y;
    down = true;
  }
  pen.stroke();
  drawLonely(pen, path, axis, stroke);
}

/** The path as a line, but for stretches where samples are `apart`: these are drawn as points. */
export function drawPoints(
  pen: Pen,
  { x, value, count }: Path,
  axis: ValueAxis,
  stroke: Stroke,
  apart: (x: number) => boolean,
): void {
  const radius = Math.max(1.5, 1.2 * stroke.width);
  setStroke(pen, stroke);
  pen.beginPath();
  let y0 = NaN;
  for (let i = 0; i < count; i++) {
    const y = axis.y(value[i]);
    if (y0 - y0 === 0 && y - y === 0 && !apart(x[i])) {
      pen.moveTo(x[i - 1], y0);
      pen.lineTo(x[i], y);
    }
    y0 = y;
  }
  pen.stroke();
  pen.fillStyle = stroke.colour;
  pen.beginPath();
  for (let i = 0; i < count; i++) {
    const y = axis.y(value[i]);
    const alone = apart(x[i]) || (i === 0 && (count === 1 || apart(x[1])));
    if (y - y === 0 && alone) pen.rect(x[i] - radius, y - radius, 2 * radius, 2 * radius);
  }
  pen.fill();
}

/** Samples that stand alone between gaps would be invisible as lines of no length. */
function drawLonely(pen: Pen, { x, value, count }: Path, axis: ValueAxis, { colour, width }: Stroke): void {
  pen.fillStyle = colour;
  for (let i = 0; i < count; i++) {
    const before = i > 0 ? value[i - 1] : NaN;
    const after = i + 1 < count ? value[i + 1] : NaN;
    if (before === before || after === after) continue;
    const y = axis.y(value[i]);
    if (y - y === 0) drawDot(pen, x[i], y, Math.max(1.5, width));
  }
}

/** Text on a rim of paper, legible over lines. The font is set before. */
export function drawNote(pen: Pen, theme: PlotTheme, text: string, x: number, y: number, colour: string): void {
  setStroke(pen, { colour: theme.colours.paper, width: theme.text * 0.3, dash: [] });
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.strokeText(text, x, y);
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

export function drawDot(pen: Pen, x: number, y: number, radius: number): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

/** The band as translucent areas, one between each two gaps. */
export function drawBand(pen: Pen, { x, lower, upper, count }: Band, axis: ValueAxis, colour: string): void {
  pen.save();
  pen.globalAlpha = 0.22;
  pen.fillStyle = colour;
  let from = 0;
  for (let i = 0; i <= count; i++) {
    if (i < count && lower[i] === lower[i]) continue;
    if (i - from > 1) {
      pen.beginPath();
      for (let j = from; j < i; j++) pen.lineTo(x[j], axis.y(upper[j]));
      for (let j = i - 1; j >= from; j--) {
        const y = axis.y(lower[j]);
        pen.lineTo(x[j], y === y ? y : axis.bottom);
      }
      pen.closePath();
      pen.fill();
    }
    from = i + 1;
  }
  pen.restore();
}

/** Level rules and labels left of the plot. */
export function drawValueAxis(
  pen: Pen,
  theme: PlotTheme,
  area: PlotArea,
  axis: ValueAxis,
  ticks: readonly Tick[],
): void {
  setStroke(pen, { colour: theme.colours.rule, width: 1, dash: [] });
  for (const { value } of ticks) {
    const y = crisp(axis.y(value));
    if (y < area.bottom) drawLine(pen, area.left, y, area.right, y);
  }
  setFont(pen, theme);
  pen.fillStyle = theme.colours['ink-2'];
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (const { value, label } of ticks) pen.fillText(label, area.left - theme.text * 0.6, axis.y(value));
}

/** The base line, short ticks and labels under the plot, and the name of the axis at its right end. */
export function drawStepAxis(
  pen: Pen,
  theme: PlotTheme,
  area: PlotArea,
  axis: StepAxis,
  ticks: readonly Tick[],
  name: string,
): void {
  const base = crisp(area.bottom);
  setStroke(pen, { colour: theme.colours['ink-3'], width: 1, dash: [] });
  drawLine(pen, area.left, base, area.right, base);
  const length = theme.text * 0.35;
  setFont(pen, theme);
  pen.fillStyle = theme.colours['ink-2'];
  pen.textBaseline = 'top';
  pen.textAlign = 'center';
  const under = base + length + theme.text * 0.3;
  for (const { value, label } of ticks) {
    const x = crisp(axis.x(value));
    drawLine(pen, x, base, x, base + length);
    pen.fillText(label, axis.x(value), under);
  }
  const last = ticks.at(-1);
  const reach = last ? axis.x(last.value) + pen.measureText(last.label).width / 2 : 0;
  pen.textAlign = 'left';
  pen.fillText(name, Math.max(area.right, reach) + theme.text * 0.7, under);
}
