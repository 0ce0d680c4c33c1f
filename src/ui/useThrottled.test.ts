/** The throttle: what is read between two tellings, and that the last value arrives. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { throttled } from './useThrottled';

const PERIOD = 2000;

/** A store of a number, throttled, and what its subscriber has heard. */
function listening() {
  const store = createStore(() => ({ x: 0 }));
  const { subscribe, read } = throttled(store, ({ x }) => x, PERIOD);
  const heard: number[] = [];
  const stop = subscribe(() => heard.push(read()));
  return { set: (x: number) => store.setState({ x }), read, heard, stop };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('throttled', () => {
  it('tells the first change at once and the next a period later, with the value of that time', () => {
    const { set, heard } = listening();
    set(1);
    vi.advanceTimersByTime(0);
    expect(heard).toEqual([1]);
    for (let x = 2; x <= 8; x++) {
      vi.advanceTimersByTime(250);
      set(x);
    }
    expect(heard).toEqual([1]);
    vi.advanceTimersByTime(250);
    expect(heard).toEqual([1, 8]);
    vi.advanceTimersByTime(10 * PERIOD);
    expect(heard).toEqual([1, 8]);
  });

  it('reads the same value until it tells another, so that a rendering for another reason changes nothing', () => {
    const { set, read } = listening();
    set(1);
    vi.advanceTimersByTime(0);
    vi.advanceTimersByTime(PERIOD / 8);
    set(2);
    expect(read()).toBe(1);
    vi.advanceTimersByTime(PERIOD);
    expect(read()).toBe(2);
  });

  it('knows what changed before it was subscribed to, and tells nothing afterwards', () => {
    const store = createStore(() => ({ x: 0 }));
    const { subscribe, read } = throttled(store, ({ x }) => x, PERIOD);
    store.setState({ x: 1 });
    const changed = vi.fn();
    const stop = subscribe(changed);
    expect(read()).toBe(1);
    store.setState({ x: 2 });
    stop();
    vi.advanceTimersByTime(PERIOD);
    expect(changed).not.toHaveBeenCalled();
    expect(read()).toBe(1);
  });
});
