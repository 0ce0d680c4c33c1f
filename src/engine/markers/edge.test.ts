/** The edge, sample by sample. */
import { describe, expect, it } from 'vitest';
import { nextEdge, rearmed, UNKNOWN_EDGE, type EdgeEvent, type EdgeState } from './edge';

/** What samples make of a state, one after another. */
function feed(
  samples: readonly number[],
  from = UNKNOWN_EDGE,
  threshold = 10,
): { state: EdgeState; events: EdgeEvent[] } {
  let state = from;
  const events = samples.map((sample) => {
    const next = nextEdge(state, sample, threshold);
    state = next.state;
    return next.event;
  });
  return { state, events };
}

describe('the edge', () => {
  it('is the first sample at or above the threshold after one below, once', () => {
    const expected = [null, null, 'edge-reached', null, null, null, null];
    expect(feed([5, 9.9, 10, 9, 12, 8, 11]).events).toEqual(expected);
  });

  it('is said once to be behind at the start, and marked when the run comes back to it', () => {
    const expected = ['beyond-edge', null, null, 'edge-reached', null, null];
    expect(feed([12, 15, 9, 10.5, 9, 11]).events).toEqual(expected);
  });

  it('is behind for a start exactly at the threshold', () => {
    expect(feed([10]).events).toEqual(['beyond-edge']);
  });

  it('can be reached anew after a change, but not be behind at the start anew', () => {
    const changed = rearmed(feed([5, 11]).state);
    const above = feed([11, 12], changed, 8);
    expect(above.events).toEqual([null, null]);
    expect(feed([7, 8], above.state, 8).events).toEqual([null, 'edge-reached']);
  });

  it('leaves the state it was given as it was', () => {
    const { state } = feed([5]);
    expect(feed([11], state).events).toEqual(['edge-reached']);
    expect(feed([11], state).events).toEqual(['edge-reached']);
  });
});
