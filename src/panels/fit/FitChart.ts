/** What the network has learned where it can be drawn: a decision surface over two inputs, or a curve over one. */
import { contours } from 'd3';
import { StepAxis, ValueAxis } from '../../plot/axis';
import { calmDomain } from '../../plot/domain';
import { drawDot, drawStepAxis, drawValueAxis, setFont, setStroke } from '../../plot/paint';
import type { Pen } from '../../plot/pen';
import { schedule, unschedule } from '../../plot/scheduler';
import { Surface } from '../../plot/surface';
import type { ColourToken, PlotTheme } from '../../plot/theme';
import { valueTicks } from '../../plot/ticks';
import type { DataPreview, Frame } from '../../worker/protocol';
import { paintField, toRgb } from './field';

type Outputs = NonNullable<Frame['outputs']>;

const MOST_COLOURS = 10;

export class FitChart {
  readonly #surface: Surface;
  readonly #image: CanvasRenderingContext2D;
  #preview: DataPreview | null = null;
  #outputs: Outputs | null = null;
  #domain: { readonly lo: number; readonly hi: number } | null = null;

  constructor(host: HTMLElement) {
    this.#surface = new Surface(host, 1, this.#invalidate);
    const image = document.createElement('canvas').getContext('2d');
    if (!image) throw new Error('This browser offers no 2-D canvas.');
    this.#image = image;
  }

  set(preview: DataPreview | null, outputs: Outputs | null): void {
    if (preview === this.#preview && outputs === this.#outputs) return;
    if (preview !== this.#preview) this.#domain = null;
    this.#preview = preview;
    this.#outputs = outputs;
    this.#invalidate();
  }

  destroy(): void {
    unschedule(this.#draw);
    this.#surface.destroy();
  }

  #invalidate = (): void => schedule(this.#draw);

  #draw = (): void => {
    const { width, height, theme } = this.#surface;
    if (width < 40 || height < 40 || !this.#preview) return;
    const pen = this.#surface.wipe(0);
    if (this.#preview.kind === 'plane') this.#drawPlane(pen, theme, this.#preview, width, height);
    else this.#drawLine(pen, theme, this.#preview, width, height);
  };

  #drawPlane(
    pen: CanvasRenderingContext2D,
    theme: PlotTheme,
    preview: DataPreview,
    width: number,
    height: number,
  ): void {
    const [x0, x1, y0, y1] = preview.box;
    const scale = Math.min(width / (x1 - x0), (height - 2) / (y1 - y0));
    const wide = (x1 - x0) * scale;
    const high = (y1 - y0) * scale;
    const left = (width - wide) / 2;
    const top = (height - high) / 2;
    const outputs = this.#outputs;
    if (outputs && outputs.values.length >= preview.resolution ** 2 * outputs.width) {
      this.#drawField(pen, theme, preview, outputs, left, top, wide, high);
    }
    setStroke(pen, { colour: theme.colours.rule, width: 1, dash: [] });
    pen.strokeRect(left + 0.5, top + 0.5, wide - 1, high - 1);
    const { inputs, targets } = preview;
    const radius = Math.max(1.6, Math.min(wide / 70, theme.line * 2.2) * (targets.length > 600 ? 0.6 : 1));
    for (let i = 0; i < targets.length; i++) {
      const x = left + (inputs[2 * i] - x0) * scale;
      const y = top + (y1 - inputs[2 * i + 1]) * scale;
      drawSymbol(pen, targets[i], x, y, radius, theme);
    }
  }

  #drawField(
    pen: CanvasRenderingContext2D,
    theme: PlotTheme,
    { resolution }: DataPreview,
    { values, width: outputs }: Outputs,
    left: number,
    top: number,
    wide: number,
    high: number,
  ): void {
    const { canvas } = this.#image;
    if (canvas.width !== resolution) canvas.width = canvas.height = resolution;
    const image = this.#image.createImageData(resolution, resolution);
    const classes = Array.from({ length: Math.max(2, outputs) }, (_, c) => toRgb(theme.colours[classColour(c)]));
    paintField(image.data, values, outputs, resolution, classes, toRgb(theme.colours.paper));
    this.#image.putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = true;
    pen.imageSmoothingQuality = 'high';
    // Grid values sit at the corners of the box: half a cell of the image lies outside on every side.
    const half = 0.5;
    pen.drawImage(canvas, half, half, resolution - 1, resolution - 1, left, top, wide, high);
    if (outputs !== 1) return;
    const [boundary] = contours().size([resolution, resolution]).thresholds([0])(Array.from(values));
    const toX = (x: number): number => left + ((x - half) / (resolution - 1)) * wide;
    const toY = (y: number): number => top + (1 - (y - half) / (resolution - 1)) * high;
    setStroke(pen, { colour: theme.colours.ink, width: 1, dash: [] });
    pen.save();
    pen.beginPath();
    pen.rect(left + 1, top + 1, wide - 2, high - 2);
    pen.clip();
    pen.beginPath();
    for (const ring of boundary.coordinates.flat()) {
      ring.forEach(([x, y], i) => (i === 0 ? pen.moveTo(toX(x), toY(y)) : pen.lineTo(toX(x), toY(y))));
    }
    pen.stroke();
    pen.restore();
  }

  #drawLine(pen: Pen, theme: PlotTheme, preview: DataPreview, width: number, height: number): void {
    const { text, colours, line } = theme;
    const { inputs, targets, box, resolution } = preview;
    const curve = this.#outputs && this.#outputs.values.length >= resolution ? this.#outputs.values : null;
    let lo = Infinity;
    let hi = -Infinity;
    for (const target of targets) {
      lo = Math.min(lo, target);
      hi = Math.max(hi, target);
    }
    // The curve may overshoot the data somewhat before it is cut off.
    const reach = (hi - lo || 1) * 0.75;
    const [least, most] = [lo - reach, hi + reach];
    for (let i = 0; curve && i < resolution; i++) {
      const value = Math.min(Math.max(curve[i], least), most);
      if (value < lo) lo = value;
      if (value > hi) hi = value;
    }
    this.#domain = calmDomain('linear', this.#domain, { lo, hi, levels: [], fromZero: false });
    const axis = new ValueAxis('linear', this.#domain, text, height - text * 2.3);
    const ticks = valueTicks('linear', this.#domain, axis.bottom - axis.top, text * 3);
    setFont(pen, theme);
    const left = text + Math.max(...ticks.map(({ label }) => pen.measureText(label).width));
    const area = { left, right: width - text * 1.6, top: axis.top, bottom: axis.bottom };
    const across = new StepAxis({ lo: box[0], hi: box[1] }, area.left, area.right);
    drawValueAxis(pen, theme, area, axis, ticks);
    drawStepAxis(pen, theme, area, across, valueTicks('linear', across, area.right - area.left, text * 5), 'x');
    pen.save();
    pen.beginPath();
    pen.rect(area.left, area.top - 2, area.right - area.left, area.bottom - area.top + 4);
    pen.clip();
    setStroke(pen, { colour: colours['lambda-1'], width: line * 1.4, dash: [] });
    pen.beginPath();
    for (let i = 0; curve && i < resolution; i++) {
      pen.lineTo(across.x(box[0] + ((box[1] - box[0]) * i) / (resolution - 1)), axis.y(curve[i]));
    }
    pen.stroke();
    for (let i = 0; i < targets.length; i++) {
      pen.fillStyle = colours.paper;
      drawDot(pen, across.x(inputs[i]), axis.y(targets[i]), line * 2 + 1);
      pen.fillStyle = colours.ink;
      drawDot(pen, across.x(inputs[i]), axis.y(targets[i]), line * 2);
    }
    pen.restore();
  }
}

function classColour(c: number): ColourToken {
  return `class-${c % MOST_COLOURS}` as ColourToken;
}

/** A data point: classes differ by colour and by shape. */
function drawSymbol(pen: Pen, label: number, x: number, y: number, radius: number, theme: PlotTheme): void {
  pen.fillStyle = theme.colours[classColour(label)];
  setStroke(pen, { colour: theme.colours.paper, width: 1, dash: [] });
  pen.beginPath();
  const shape = label % 4;
  if (shape === 0) {
    pen.arc(x, y, radius, 0, 2 * Math.PI);
  } else {
    const r = radius * (shape === 1 ? 1.2 : 1.35);
    const corners = shape === 2 ? 3 : 4;
    const turn = shape === 1 ? Math.PI / 4 : -Math.PI / 2;
    for (let i = 0; i < corners; i++) {
      const angle = turn + (2 * Math.PI * i) / corners;
      pen.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    pen.closePath();
  }
  pen.fill();
  pen.stroke();
}
