/** The edge detector, sample by sample. */
import { describe, expect, it } from 'vitest';
import { EdgeDetector } from './edge';

const events = (detector: EdgeDetector, samples: readonly number[], threshold = 10): unknown[] =>
  samples.map((x) => detector.feed(x, threshold));

describe('EdgeDetector', () => {
  it('marks the first sample at or above the threshold after one below, once', () => {
    expect(events(new EdgeDetector(), [5, 9.9, 10, 9, 12, 8, 11])).toEqual([
      null,
      null,
      'edge-reached',
      null,
      null,
      null,
      null,
    ]);
  });

  it('says once that a run starts beyond the edge, and marks the edge when it comes back', () => {
    expect(events(new EdgeDetector(), [12, 15, 9, 10.5, 9, 11])).toEqual([
      'beyond-edge',
      null,
      null,
      'edge-reached',
      null,
      null,
    ]);
  });

  it('takes a start exactly at the threshold for beyond', () => {
    expect(events(new EdgeDetector(), [10])).toEqual(['beyond-edge']);
  });

  it('can reach the edge anew after a change, but not start beyond it anew', () => {
    const detector = new EdgeDetector();
    events(detector, [5, 11]);
    detector.rearm();
    expect(detector.armed).toBe(false);
    expect(events(detector, [11, 12], 8)).toEqual([null, null]);
    expect(events(detector, [7], 8)).toEqual([null]);
    expect(detector.armed).toBe(true);
    expect(events(detector, [8], 8)).toEqual(['edge-reached']);
    expect(detector.armed).toBe(false);
  });

  it('goes on from a state put back', () => {
    const detector = new EdgeDetector();
    events(detector, [5]);
    const other = new EdgeDetector();
    other.state = detector.state;
    expect(events(other, [11])).toEqual(['edge-reached']);
    expect(detector.armed).toBe(true);
  });
});
