/**
 * Giving the worker's thread back, so that messages (pause, a new η, credits) are heard while it computes. A
 * MessageChannel turn costs microseconds, where a timer would be clamped to 4 ms.
 */
import type { Breathe } from '../engine/breathe';

/** The thread is never held for longer than this between two chances to give it back. */
const HOLD_MS = 8;

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

const waiting: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => waiting.shift()?.();

/** A breathe that gives the thread back once it has been held for 8 ms. */
export function breather(now: () => number): Breathe {
  let since = now();
  return () => {
    if (now() - since < HOLD_MS) return undefined;
    return turn().then(() => {
      since = now();
    });
  };
}
