import { describe, expect, it } from 'vitest';
import { paintField, toRgb, type Rgb } from './field';

const PAPER: Rgb = [255, 255, 255];
const CLASSES: readonly Rgb[] = [
  [0, 0, 255],
  [255, 0, 0],
  [0, 255, 0],
];

function paint(values: number[], width: number, resolution: number): number[][] {
  const pixels = new Uint8ClampedArray(4 * resolution * resolution);
  paintField(pixels, Float32Array.from(values), width, resolution, CLASSES, PAPER);
  return Array.from({ length: resolution * resolution }, (_, i) => [...pixels.subarray(4 * i, 4 * i + 4)]);
}

describe('paintField', () => {
  it('has the first row of values at the bottom and a side per sign', () => {
    const [topLeft, topRight, bottomLeft, bottomRight] = paint([-1, 1, 0, -7], 1, 2);
    expect(topLeft).toEqual([255, 255, 255, 255]);
    expect(topRight).toEqual(bottomLeft); // saturated
    expect(bottomLeft[2]).toBe(255);
    expect(bottomLeft[0]).toBeLessThan(255);
    expect(bottomRight[0]).toBe(255);
    expect(bottomRight[2]).toBeLessThan(255);
  });

  it('mixes classes by their softmax share, palest where undecided', () => {
    const [undecided, second] = [paint([1, 1, 1], 3, 1)[0], paint([0, 9, 0], 3, 1)[0]];
    expect(second[0]).toBe(255);
    expect(second[1]).toBeLessThan(undecided[1]);
  });

  it('survives outputs that are not finite', () => {
    expect(paint([NaN], 1, 1)[0]).toEqual([255, 255, 255, 255]);
    expect(paint([NaN, NaN, NaN], 3, 1)[0][3]).toBe(255);
  });
});

describe('toRgb', () => {
  it('reads style-sheet colours', () => {
    expect(toRgb('#0b62a8')).toEqual([11, 98, 168]);
    expect(toRgb('nonsense')).toEqual([0, 0, 0]);
  });
});
