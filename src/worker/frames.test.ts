/** Frames: columns of equal length, transferred, gathered until a credit comes. */
import { describe, expect, it } from 'vitest';
import type { Sample } from '../engine/instruments/meter';
import type { SeriesId } from '../experiment/catalogue';
import { FrameBuffer } from './frames';

const REST = { status: 'running', step: 3, lr: 0.1, cadence: 1, stepsPerSecond: 60 } as const;
const sample = (step: number, values: readonly (readonly [SeriesId, number])[]): Sample => ({
  step,
  values: new Map(values),
  loss: 1,
  spectrum: {
    values: Float64Array.from([step]),
    residuals: Float64Array.from([0.1]),
    ritz: Float64Array.from([step, -1]),
    iterations: 16,
    converged: true,
  },
  products: 20,
});

describe('FrameBuffer', () => {
  it('turns samples into columns of one length, NaN where a series was not measured', () => {
    const buffer = new FrameBuffer();
    buffer.add(sample(1, [['loss.train', 5]]));
    buffer.add(
      sample(3, [
        ['loss.train', 4],
        ['gradient.norm', 2],
      ]),
    );
    const { frame } = buffer.take(REST);
    expect(frame.steps).toEqual(Float64Array.from([1, 3]));
    expect(frame.columns).toEqual({
      'loss.train': Float64Array.from([5, 4]),
      'gradient.norm': Float64Array.from([NaN, 2]),
    });
    expect(frame.spectrum).toMatchObject({ step: 3, values: Float64Array.from([3]) });
    expect(frame).toMatchObject({ ...REST, products: 40 });
  });

  it('sends each sample once, and an empty frame where there is nothing new', () => {
    const buffer = new FrameBuffer();
    buffer.add(sample(1, [['loss.train', 5]]));
    buffer.markers.push({ kind: 'change', step: 1, value: 0.2, band: null });
    buffer.take(REST);
    const { frame, transfer } = buffer.take(REST);
    expect([frame.steps.length, frame.columns, frame.spectrum, frame.markers, frame.outputs]).toEqual([
      0,
      {},
      null,
      [],
      null,
    ]);
    expect(frame.products).toBe(20);
    expect(transfer).toEqual([frame.steps.buffer]);
  });

  it('can be transferred whole, without taking a sample’s own arrays away', () => {
    const buffer = new FrameBuffer();
    const own = sample(1, [['loss.train', 5]]);
    buffer.add(own);
    buffer.outputs = { step: 1, values: Float32Array.from([1, 2]), width: 1 };
    const { frame, transfer } = buffer.take(REST);
    expect(new Set(transfer).size).toBe(transfer.length);
    const received = structuredClone(frame, { transfer });
    expect(received.columns['loss.train']).toEqual(Float64Array.from([5]));
    expect(received.outputs?.values).toEqual(Float32Array.from([1, 2]));
    expect([frame.steps.length, frame.outputs?.values.length, frame.spectrum?.ritz.length]).toEqual([0, 0, 0]);
    expect(own.spectrum.values).toEqual(Float64Array.from([1]));
  });

  it('forgets what a rewind makes void, and keeps the edge at the step gone back to', () => {
    const buffer = new FrameBuffer();
    for (const step of [1, 2, 3]) buffer.add(sample(step, [['loss.train', step]]));
    buffer.outputs = { step: 3, values: new Float32Array(1), width: 1 };
    for (const kind of ['edge-reached', 'change', 'divergence'] as const) {
      for (const step of [1, 2, 3]) buffer.markers.push({ kind, step, value: 1, band: null });
    }
    buffer.truncate(2);
    const { frame } = buffer.take(REST);
    expect([...frame.steps]).toEqual([1]);
    expect(frame.outputs).toBeNull();
    expect(frame.markers.map(({ kind, step }) => `${kind} ${step}`)).toEqual([
      'edge-reached 1',
      'edge-reached 2',
      'change 1',
      'divergence 1',
    ]);
  });
});
