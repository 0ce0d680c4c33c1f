/**
 * A store read at most every so many milliseconds, with the last value always arriving: for numbers that would flicker
 * if they were written as often as the worker sends them.
 */
import { useMemo, useSyncExternalStore } from 'react';
import type { StoreApi } from 'zustand/vanilla';

interface Throttled<T> {
  readonly subscribe: (changed: () => void) => () => void;
  readonly read: () => T;
}

/** `read` gives what was selected when the subscriber was last told, however often it is called in between. */
export function throttled<S, T>(store: StoreApi<S>, select: (state: S) => T, ms: number): Throttled<T> {
  let value = select(store.getState());
  return {
    subscribe: (changed) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let last = -Infinity;
      const fire = (): void => {
        timer = undefined;
        last = performance.now();
        value = select(store.getState());
        changed();
      };
      const stop = store.subscribe(() => {
        timer ??= setTimeout(fire, Math.max(0, last + ms - performance.now()));
      });
      // The store may have changed between the first reading and now.
      value = select(store.getState());
      return () => {
        clearTimeout(timer);
        stop();
      };
    },
    read: () => value,
  };
}

/** `select` must be defined outside the component and return a primitive or a reference kept in the state. */
export function useThrottled<S, T>(store: StoreApi<S>, select: (state: S) => T, ms: number): T {
  const { subscribe, read } = useMemo(() => throttled(store, select, ms), [store, select, ms]);
  return useSyncExternalStore(subscribe, read);
}
