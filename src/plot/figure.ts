/**
 * A chart as a figure that stands alone: its title and the name of its value axis above, what was run below. The same
 * painting makes the SVG and the PNG.
 */
import type { Pen } from './pen';
import { setFont } from './paint';
import type { Surface } from './surface';
import type { PlotTheme } from './theme';

export interface FigureText {
  readonly title: string;
  /** Name of the value axis. */
  readonly axis: string;
  /** What the figure shows, in as many lines as it takes. */
  readonly notes: readonly string[];
}

export type PaintChart = (pen: Pen, theme: PlotTheme, width: number, height: number) => void;

const HEAD = 3.6;
const LINE = 1.35;

/** Breaks a text into lines no wider than `width`, after spaces and between the settings of a link. */
export function wrap(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=[ :&?])/)) {
    if (line !== '' && widthOf((line + word).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  if (line !== '') lines.push(line.trimEnd());
  return lines;
}

interface Figure {
  readonly width: number;
  readonly height: number;
  readonly paint: (pen: Pen) => void;
}

function compose(measuring: Pen, surface: Surface, text: FigureText, chart: PaintChart): Figure {
  const { width, height, theme } = surface;
  const size = theme.text;
  setFont(measuring, theme);
  const lines = text.notes.flatMap((note) => wrap(note, width, (part) => measuring.measureText(part).width));
  const below = HEAD * size + height + size;
  const paint = (pen: Pen): void => {
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillStyle = theme.colours.ink;
    setFont(pen, theme, 600, 1.1);
    pen.fillText(text.title, size, 1.4 * size);
    setFont(pen, theme);
    pen.fillStyle = theme.colours['ink-2'];
    pen.fillText(text.axis, size, 2.8 * size);
    pen.save();
    pen.translate(size, HEAD * size);
    chart(pen, theme, width, height);
    pen.restore();
    setFont(pen, theme);
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillStyle = theme.colours['ink-2'];
    lines.forEach((line, i) => pen.fillText(line, size, below + (i + 0.5) * LINE * size));
  };
  return { width: width + 2 * size, height: below + lines.length * LINE * size + 0.5 * size, paint };
}

/** The figure as an SVG document. */
export function figureSvg(surface: Surface, text: FigureText, chart: PaintChart): string {
  const pen = surface.svgPen();
  const { width, height, paint } = compose(pen, surface, text, chart);
  paint(pen);
  return pen.document(width, height, surface.theme.colours.paper, text.title);
}

/** The figure as a PNG image, two pixels to each CSS pixel. */
export function figurePng(surface: Surface, text: FigureText, chart: PaintChart): Promise<Blob> {
  const { width, height, paint } = compose(surface.svgPen(), surface, text, chart);
  return surface.png(width, height, paint);
}
