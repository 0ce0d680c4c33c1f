/**
 * Events in a run: a diamond where a line reached the level, an upright rule where a setting changed, a cross where the
 * run left all bounds. Each has a short label where there is room for it.
 */
import type { StepAxis, ValueAxis } from './axis';
import { placeLabel, type Box } from './labels';
import type { ChartMarker } from './model';
import { crisp, drawLine, drawNote, setFont, setStroke, type PlotArea } from './paint';
import type { Pen } from './pen';
import { labelRules } from './rules';
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
  const rows = [y - gap - height, y + gap, y - gap - 2 * height, y + gap + height];
  const places = rows.flatMap((top): [number, number][] => [
    [x - gap - width, top],
    [x + gap, top],
    [x - width / 2, top],
  ]);
  return places.map(([left, top]) => ({ x: left, y: top, width, height }));
}

/** Rows under the upper rim in which labels of rules may stand. */
const ROWS = 4;
/** Points are all labelled up to this number; of more only the last so many, where they crowd. */
const FREELY = 2;

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
  const shown: Placed[] = markers.flatMap((marker) => {
    const x = steps.x(marker.step);
    if (x < area.left - 1 || x > area.right + 1) return [];
    const level = marker.value === null ? NaN : axis.y(marker.value);
    return [{ marker, x, y: Math.min(Math.max(Number.isFinite(level) ? level : area.top, area.top), area.bottom) }];
  });
  const rules = shown.filter(({ marker }) => !isPoint(marker));
  const points = shown.filter(({ marker }) => isPoint(marker));
  for (const { marker, x } of rules) {
    const cross = marker.shape === 'cross';
    const ink = colours[marker.colour];
    setStroke(pen, { colour: ink, width: 1, dash: cross ? [4, 3] : [] });
    drawLine(pen, crisp(x), area.top, crisp(x), area.bottom);
    if (cross) drawCross(pen, x, area.bottom - 2 * radius, radius, ink, Math.max(2, theme.line));
  }
  for (const { marker, x, y } of points) {
    drawDiamond(pen, x, y, radius, marker.shape === 'open-diamond', colours[marker.colour], colours.paper);
    taken.push({ x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius });
  }
  setFont(pen, theme);
  labelAllRules(pen, theme, area, rules, taken);
  labelPoints(pen, theme, area, points, radius + text * 0.3, taken, crossed);
}

interface Placed {
  readonly marker: ChartMarker;
  readonly x: number;
  readonly y: number;
}

function isPoint({ shape }: ChartMarker): boolean {
  return shape === 'diamond' || shape === 'open-diamond';
}

function labelAllRules(pen: Pen, theme: PlotTheme, area: PlotArea, rules: readonly Placed[], taken: Box[]): void {
  const { colours, text } = theme;
  const height = text * 1.25;
  const widthOf = (label: string): number => pen.measureText(label).width;
  // Whatever merges has a row of its own; what never does (the end of the run) comes first.
  for (const merging of [false, true]) {
    const kind = rules.filter(({ marker }) => (marker.plural !== '') === merging);
    const wanted = kind.map(({ marker: { label, plural }, x }) => ({ x, label, plural }));
    for (const { text: label, x, width } of labelRules(wanted, area.left, area.right, text * 0.4, widthOf)) {
      const places = Array.from({ length: ROWS }, (_, i) => ({ x, y: area.top + i * height * 1.1, width, height }));
      const bounds = { x: area.left, y: area.top, width: area.right - area.left, height: area.bottom - area.top };
      const box = placeLabel(places, bounds, taken);
      if (box) drawNote(pen, theme, label, box.x, box.y + height / 2, merging ? colours.ink : colours.bad);
    }
    for (const { x } of kind) taken.push({ x: x - 1, y: area.top, width: 2, height: ROWS * height });
  }
}

/** The latest first; earlier ones where they are not crowded. */
function labelPoints(
  pen: Pen,
  theme: PlotTheme,
  area: PlotArea,
  points: readonly Placed[],
  gap: number,
  taken: Box[],
  crossed: (box: Box) => boolean,
): void {
  const height = theme.text * 1.25;
  const bounds = { x: area.left, y: area.top, width: area.right - area.left, height: area.bottom - area.top };
  const labelled: number[] = [];
  for (const { marker, x, y } of points.toReversed()) {
    if (!marker.label) continue;
    const width = pen.measureText(marker.label).width;
    const neighbours = labelled.filter((other) => Math.abs(other - x) < width).length;
    if (neighbours >= FREELY) continue;
    const box = placeLabel(around(x, y, width, height, gap), bounds, taken, crossed);
    if (!box) continue;
    labelled.push(x);
    drawNote(pen, theme, marker.label, box.x, box.y + height / 2, theme.colours.ink);
  }
}
