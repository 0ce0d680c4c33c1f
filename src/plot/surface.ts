/**
 * A stack of canvases filling a host element, sharp on every screen: the backing store has exactly the device pixels
 * that the element covers (devicePixelContentBox where the browser tells, else CSS size times devicePixelRatio). It
 * also knows the theme in force there, and asks for a redraw when size or theme changes.
 */
import type { Pen } from './pen';
import { SvgPen } from './svg';
import { readTheme, watchTheme, type PlotTheme } from './theme';

export class Surface {
  readonly host: HTMLElement;
  readonly layers: readonly CanvasRenderingContext2D[];
  /** CSS pixels. */
  width = 0;
  height = 0;
  theme: PlotTheme;
  readonly #changed: () => void;
  readonly #observer: ResizeObserver;
  readonly #unwatch: () => void;

  /** @param changed called whenever everything must be drawn again */
  constructor(host: HTMLElement, layers: number, changed: () => void) {
    this.host = host;
    this.#changed = changed;
    this.theme = readTheme(host);
    this.layers = Array.from({ length: layers }, () => {
      const canvas = document.createElement('canvas');
      canvas.className = 'plot-layer';
      canvas.setAttribute('aria-hidden', 'true');
      host.append(canvas);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('This browser offers no 2-D canvas.');
      return context;
    });
    this.#observer = new ResizeObserver(([entry]) => this.#resize(entry));
    try {
      this.#observer.observe(host, { box: 'device-pixel-content-box' });
    } catch {
      // Browsers without that box measure in CSS pixels instead.
      this.#observer.observe(host);
    }
    this.#unwatch = watchTheme(this.#refresh);
  }

  #refresh = (): void => {
    this.theme = readTheme(this.host);
    this.#changed();
  };

  #resize(entry: ResizeObserverEntry): void {
    const { width, height } = entry.contentRect;
    const device = entry.devicePixelContentBoxSize as readonly ResizeObserverSize[] | undefined;
    const wide = device ? device[0].inlineSize : Math.round(width * devicePixelRatio);
    const high = device ? device[0].blockSize : Math.round(height * devicePixelRatio);
    this.width = width;
    this.height = height;
    for (const { canvas } of this.layers) {
      canvas.width = wide;
      canvas.height = high;
    }
    this.#refresh();
  }

  /** A layer, wiped and scaled to CSS pixels. */
  wipe(layer: number): CanvasRenderingContext2D {
    const pen = this.layers[layer];
    const { canvas } = pen;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (this.width > 0 && this.height > 0) pen.scale(canvas.width / this.width, canvas.height / this.height);
    return pen;
  }

  /** A pen for an SVG figure of this size, measuring text as the screen does. */
  svgPen(): SvgPen {
    const [context] = this.layers;
    return new SvgPen((text, font) => {
      context.font = font;
      return context.measureText(text);
    });
  }

  /** A picture of this size on paper, two pixels to each CSS pixel. */
  png(width: number, height: number, paint: (pen: Pen) => void): Promise<Blob> {
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(2 * width);
    canvas.height = Math.round(2 * height);
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('This browser offers no 2-D canvas.');
    pen.scale(2, 2);
    pen.fillStyle = this.theme.colours.paper;
    pen.fillRect(0, 0, width, height);
    paint(pen);
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))));
    });
  }

  destroy(): void {
    this.#observer.disconnect();
    this.#unwatch();
    for (const { canvas } of this.layers) canvas.remove();
  }
}
