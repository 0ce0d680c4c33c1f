/**
 * The network's outputs over the input plane as colours: two-sided about the decision boundary for one output, classes
 * mixed by their softmax share for several. Saturated outputs are pale enough for the data to be seen on top.
 */
import { rgb } from 'd3';

export type Rgb = readonly [number, number, number];

/** How strongly a colour may cover the paper. */
const STRONGEST = 0.4;

/** A CSS colour as numbers; black where it cannot be read. */
export function toRgb(colour: string): Rgb {
  const { r, g, b } = rgb(colour);
  return Number.isNaN(r) ? [0, 0, 0] : [r, g, b];
}

/**
 * Fills `pixels` (RGBA, [resolution²]) from `values` [resolution², width], row 0 of the values at the bottom.
 *
 * @param classes a colour per class; the first two are the negative and the positive side of a single output
 */
export function paintField(
  pixels: Uint8ClampedArray,
  values: Float32Array,
  width: number,
  resolution: number,
  classes: readonly Rgb[],
  paper: Rgb,
): void {
  const outputs = Math.min(width, classes.length);
  for (let row = 0; row < resolution; row++) {
    for (let column = 0; column < resolution; column++) {
      const from = (row * resolution + column) * width;
      const to = 4 * ((resolution - 1 - row) * resolution + column);
      if (width === 1) side(pixels, to, values[from], classes, paper);
      else shares(pixels, to, values, from, outputs, classes, paper);
      pixels[to + 3] = 255;
    }
  }
}

function side(pixels: Uint8ClampedArray, to: number, value: number, classes: readonly Rgb[], paper: Rgb): void {
  const colour = classes[value < 0 ? 0 : 1];
  // NaN compares false with everything and so ends up as paper.
  const strength = value === value ? STRONGEST * Math.min(1, Math.abs(value)) : 0;
  for (let i = 0; i < 3; i++) pixels[to + i] = paper[i] + (colour[i] - paper[i]) * strength;
}

function shares(
  pixels: Uint8ClampedArray,
  to: number,
  values: Float32Array,
  from: number,
  outputs: number,
  classes: readonly Rgb[],
  paper: Rgb,
): void {
  let most = -Infinity;
  for (let c = 0; c < outputs; c++) if (values[from + c] > most) most = values[from + c];
  let total = 0;
  let red = 0;
  let green = 0;
  let blue = 0;
  let top = 0;
  for (let c = 0; c < outputs; c++) {
    const weight = Math.exp(values[from + c] - most);
    total += weight;
    red += weight * classes[c][0];
    green += weight * classes[c][1];
    blue += weight * classes[c][2];
    if (weight > top) top = weight;
  }
  // An even split is the least sure and so the palest.
  const share = top / total;
  const even = 1 / outputs;
  const strength = total > 0 ? STRONGEST * Math.max(0.15, (share - even) / (1 - even)) : 0;
  pixels[to] = paper[0] + (red / total - paper[0]) * strength;
  pixels[to + 1] = paper[1] + (green / total - paper[1]) * strength;
  pixels[to + 2] = paper[2] + (blue / total - paper[2]) * strength;
}
