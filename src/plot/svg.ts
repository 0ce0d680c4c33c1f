/**
 * A pen that writes SVG. It takes the calls that charts make on a canvas, so a saved figure is what was on the screen,
 * as lines and letters that an editor can still change.
 */
import type { Pen } from './pen';

interface State {
  strokeStyle: Pen['strokeStyle'];
  fillStyle: Pen['fillStyle'];
  lineWidth: number;
  lineJoin: CanvasLineJoin;
  lineCap: CanvasLineCap;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
}

const ANCHORS: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end', end: 'end' };
/** How far below the given line the letters' base lies, in em. */
const BASELINES: Partial<Record<CanvasTextBaseline, number>> = { middle: 0.35, top: 0.78, bottom: -0.22 };

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Charts paint in plain colours; gradients and patterns have no counterpart here. */
function colour(style: Pen['fillStyle']): string {
  return typeof style === 'string' ? escape(style) : 'none';
}

export class SvgPen implements Pen, State {
  strokeStyle: Pen['strokeStyle'] = '#000';
  fillStyle: Pen['fillStyle'] = '#000';
  lineWidth = 1;
  lineJoin: CanvasLineJoin = 'miter';
  lineCap: CanvasLineCap = 'butt';
  globalAlpha = 1;
  font = '400 12px sans-serif';
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  readonly #measure: (text: string, font: string) => TextMetrics;
  readonly #parts: string[] = [];
  readonly #stack: { state: State; groups: number; dash: number[] }[] = [];
  #path: string[] = [];
  #dash: number[] = [];
  #groups = 0;
  #clips = 0;

  /** @param measure width of a text in a CSS font, from a canvas */
  constructor(measure: (text: string, font: string) => TextMetrics) {
    this.#measure = measure;
  }

  save(): void {
    const { strokeStyle, fillStyle, lineWidth, lineJoin, lineCap, globalAlpha, font, textAlign, textBaseline } = this;
    const state = { strokeStyle, fillStyle, lineWidth, lineJoin, lineCap, globalAlpha, font, textAlign, textBaseline };
    this.#stack.push({ state, groups: this.#groups, dash: this.#dash });
  }

  restore(): void {
    const saved = this.#stack.pop();
    if (!saved) return;
    Object.assign(this, saved.state);
    this.#dash = saved.dash;
    for (; this.#groups > saved.groups; this.#groups--) this.#parts.push('</g>');
  }

  /** Until the next `restore`. */
  translate(x: number, y: number): void {
    this.#parts.push(`<g transform="translate(${number(x)} ${number(y)})">`);
    this.#groups++;
  }

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    if (Number.isFinite(x) && Number.isFinite(y)) this.#path.push(`M${number(x)} ${number(y)}`);
  }

  lineTo(x: number, y: number): void {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    this.#path.push(`${this.#path.length === 0 ? 'M' : 'L'}${number(x)} ${number(y)}`);
  }

  closePath(): void {
    this.#path.push('Z');
  }

  /** Whole circles only: that is all a chart draws. */
  arc(x: number, y: number, radius: number): void {
    const r = number(radius);
    const [left, right, at] = [number(x - radius), number(x + radius), number(y)];
    this.#path.push(`M${left} ${at}A${r} ${r} 0 1 1 ${right} ${at}A${r} ${r} 0 1 1 ${left} ${at}Z`);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}Z`);
  }

  clip(): void {
    const id = `clip${++this.#clips}`;
    this.#parts.push(`<clipPath id="${id}"><path d="${this.#path.join('')}"/></clipPath><g clip-path="url(#${id})">`);
    this.#groups++;
  }

  stroke(): void {
    if (this.#path.length === 0) return;
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.map(number).join(' ')}"` : '';
    const style = `stroke="${colour(this.strokeStyle)}" stroke-width="${number(this.lineWidth)}"`;
    const join = `stroke-linejoin="${this.lineJoin}" stroke-linecap="${this.lineCap}"`;
    this.#parts.push(`<path d="${this.#path.join('')}" fill="none" ${style} ${join}${dash}${this.#alpha()}/>`);
  }

  fill(): void {
    if (this.#path.length === 0) return;
    this.#parts.push(`<path d="${this.#path.join('')}" fill="${colour(this.fillStyle)}"${this.#alpha()}/>`);
  }

  fillText(text: string, x: number, y: number): void {
    this.#text(text, x, y, `fill="${colour(this.fillStyle)}"`);
  }

  strokeText(text: string, x: number, y: number): void {
    const rim = `stroke="${colour(this.strokeStyle)}" stroke-width="${number(this.lineWidth)}"`;
    this.#text(text, x, y, `fill="none" ${rim} stroke-linejoin="${this.lineJoin}" aria-hidden="true"`);
  }

  #text(text: string, x: number, y: number, paint: string): void {
    const [, weight, size, family] = /^(\d+) ([\d.]+)px (.*)$/.exec(this.font) ?? ['', '400', '12', 'sans-serif'];
    const base = y + (BASELINES[this.textBaseline] ?? 0) * Number(size);
    const style = `font-family="${escape(family)}" font-size="${size}" font-weight="${weight}"`;
    const anchor = ANCHORS[this.textAlign] ?? 'start';
    const place = `x="${number(x)}" y="${number(base)}" text-anchor="${anchor}"`;
    this.#parts.push(`<text ${place} ${style} ${paint}${this.#alpha()}>${escape(text)}</text>`);
  }

  measureText(text: string): TextMetrics {
    return this.#measure(text, this.font);
  }

  setLineDash(dash: Iterable<number>): void {
    this.#dash = [...dash];
  }

  #alpha(): string {
    return this.globalAlpha < 1 ? ` opacity="${number(this.globalAlpha)}"` : '';
  }

  /** The whole figure on its paper. */
  document(width: number, height: number, paper: string, title: string): string {
    const size = `width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}"`;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size}>`,
      `<title>${escape(title)}</title>`,
      `<rect width="100%" height="100%" fill="${escape(paper)}"/>`,
      ...this.#parts,
      '</svg>',
    ].join('\n');
  }
}
