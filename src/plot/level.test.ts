import { describe, expect, it } from 'vitest';
import { StepAxis } from './axis';
import { createPath } from './decimate';
import { traceLevel } from './level';

const STEPS = Float64Array.of(0, 10, 20, 30);
const VALUES = Float64Array.of(20, 20, 10, 5);
const DATA = { length: 4, steps: STEPS, column: () => VALUES };
const LEVEL = {
  id: 'limit',
  symbol: '2/η',
  now: 5,
  preview: null,
  breaks: [
    { step: 13, value: 10 },
    { step: 27, value: 5 },
  ],
};

function trace(lo: number, hi: number): [number, number][] {
  const path = createPath();
  traceLevel(LEVEL, DATA, new StepAxis({ lo, hi }, lo, hi), path);
  return Array.from({ length: path.count }, (_, i) => [path.x[i], path.value[i]]);
}

describe('traceLevel', () => {
  it('breaks at the changes, not at the samples after them', () => {
    expect(trace(0, 60)).toEqual([
      [0, 20],
      [13, 10],
      [27, 5],
      [30, 5],
    ]);
  });

  it('begins a zoomed stretch with the value in force there', () => {
    expect(trace(15, 25)).toEqual([
      [15, 10],
      [25, 10],
    ]);
  });
});
