/**
 * A store read at most every so many milliseconds, with the last value always arriving: for numbers that would flicker
 * if they were written as often as the worker sends them.
 */
import { useCallback, useSyncExternalStore } from 'react';
import type { StoreApi } from 'zustand/vanilla';

/** `select` must be defined outside the component and return a primitive or a reference kept in the state. */
export function useThrottled<S, T>(store: StoreApi<S>, select: (state: S) => T, ms: number): T {
  const subscribe = useCallback(
    (changed: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let last = -Infinity;
      const fire = (): void => {
        timer = undefined;
        last = performance.now();
        changed();
      };
      const stop = store.subscribe(() => {
        timer ??= setTimeout(fire, Math.max(0, last + ms - performance.now()));
      });
      return () => {
        clearTimeout(timer);
        stop();
      };
    },
    [store, ms],
  );
  return useSyncExternalStore(subscribe, () => select(store.getState()));
}
