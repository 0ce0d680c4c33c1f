/**
 * Events in a run: a diamond where a line reached the level, an upright rule where a setting changed, a cross where the
 * run left all bounds. Each has a short label where there is room for it.
 */
import type { StepAxis, ValueAxis } from './axis';
import { placeLabel, type Box } from './labels';
import type { ChartMarker } from './model';
import { crisp, drawLine, drawNote, setFont, setStroke, type PlotArea } from './paint';
import type { Pen } from './pen';
import type { PlotTheme } from './theme';

function drawDiamond(
  pen: Pen,
  x: number,
  y: number,
  radius: number,
  open: boolean,
  colour: string,
  paper: string,
): void {
  pen.beginPath();
  pen.moveTo(x, y - radius);
  pen.lineTo(x + radius, y);
  pen.lineTo(x, y + radius);
  pen.lineTo(x - radius, y);
  pen.closePath();
  pen.fillStyle = open ? paper : colour;
  pen.fill();
  setStroke(pen, { colour: open ? colour : paper, width: open ? 1.5 : 1, dash: [] });
  pen.stroke();
}

function drawCross(pen: Pen, x: number, y: number, radius: number, colour: string, width: number): void {
  setStroke(pen, { colour, width, dash: [] });
  drawLine(pen, x - radius, y - radius, x + radius, y + radius);
  drawLine(pen, x - radius, y + radius, x + radius, y - radius);
}

/** Places for a label of this size around a point, best first. */
function around(x: number, y: number, width: number, height: number, gap: number): Box[] {
  const rows = [y - gap - height, y + gap, y - 2 * gap - 2 * height, y + 2 * gap + height, y - 3 * gap - 3 * height];
  const places = rows.flatMap((top): [number, number][] => [
    [x - gap - width, top],
    [x + gap, top],
    [x - width / 2, top],
  ]);
  return places.map(([left, top]) => ({ x: left, y: top, width, height }));
}

/** Places beside an upright rule, from the top down. */
function beside(x: number, area: PlotArea, width: number, height: number, gap: number): Box[] {
  return Array.from({ length: 4 }, (_, row) => area.top + row * height * 1.1).flatMap((y) => [
    { x: x + gap, y, width, height },
    { x: x - gap - width, y, width, height },
  ]);
}

/** Draws the markers inside `area`; labels keep clear of `taken`, and of lines where they can. */
export function drawMarkers(
  pen: Pen,
  theme: PlotTheme,
  area: PlotArea,
  steps: StepAxis,
  axis: ValueAxis,
  markers: readonly ChartMarker[],
  taken: Box[],
  crossed: (box: Box) => boolean,
): void {
  const { colours, text } = theme;
  const radius = Math.max(4, text * 0.42);
  const height = text * 1.25;
  const bounds = { x: area.left, y: area.top, width: area.right - area.left, height: area.bottom - area.top };
  setFont(pen, theme);
  for (const { shape, step, value, label, colour } of markers) {
    const x = steps.x(step);
    if (x < area.left - 1 || x > area.right + 1) continue;
    const ink = colours[colour];
    const level = value === null ? NaN : axis.y(value);
    const point = shape === 'diamond' || shape === 'open-diamond';
    const y = Math.min(Math.max(Number.isFinite(level) ? level : area.top, area.top), area.bottom);
    const width = label ? pen.measureText(label).width : 0;
    if (point) {
      drawDiamond(pen, x, y, radius, shape === 'open-diamond', ink, colours.paper);
      taken.push({ x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius });
    } else {
      setStroke(pen, { colour: ink, width: 1, dash: shape === 'cross' ? [4, 3] : [] });
      drawLine(pen, crisp(x), area.top, crisp(x), area.bottom);
      if (shape === 'cross') drawCross(pen, x, area.bottom - 2 * radius, radius, ink, Math.max(2, theme.line));
    }
    if (!label) continue;
    const gap = radius + text * 0.3;
    const places = point ? around(x, y, width, height, gap) : beside(x, area, width, height, text * 0.4);
    const box = placeLabel(places, bounds, taken, crossed);
    if (box) drawNote(pen, theme, label, box.x, box.y + height / 2, shape === 'cross' ? ink : colours.ink);
  }
}
