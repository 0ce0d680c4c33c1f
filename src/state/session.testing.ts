/**
 * Test support: the session on a page that is only pretended, with a worker that listens, an address bar, and frames painted
 * at once. Every test of a file that imports this has a page of its own.
 */
import { afterEach, beforeEach, vi } from 'vitest';
import type { Frame, FromWorker, ToWorker } from '../worker/protocol';

export class FakeWorker {
  static all: FakeWorker[] = [];
  readonly heard: ToWorker[] = [];
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(message: ToWorker): void {
    this.heard.push(structuredClone(message));
  }
  terminate(): void {}
  get run(): number {
    return this.start.run;
  }
  get start(): Extract<ToWorker, { type: 'start' }> {
    const start = this.heard.findLast((message) => message.type === 'start');
    if (!start) throw new Error('no run was started');
    return start;
  }
  break(message: string): void {
    this.onerror?.({ message });
  }
  say(message: FromWorker): void {
    this.onmessage?.({ data: message });
  }
}

export const frame = (steps: readonly number[], patch: Partial<Frame> = {}): Frame => ({
  status: 'running',
  step: steps.at(-1) ?? 0,
  steps: Float64Array.from(steps),
  columns: { 'loss.train': Float64Array.from(steps) },
  spectrum: null,
  markers: [],
  outputs: null,
  lr: 0.1,
  cadence: 1,
  stepsPerSecond: 60,
  products: 0,
  ...patch,
});

/** A fresh page at this address. */
export async function open(hash: string) {
  vi.resetModules();
  const location = { hash, href: `https://host/${hash}` };
  vi.stubGlobal('location', location);
  vi.stubGlobal('history', { replaceState: (_: unknown, __: string, next: string) => (location.hash = next) });
  const listeners: (() => void)[] = [];
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => listeners.push(listener));
  const { session } = await import('./session');
  const { runStore } = await import('./run');
  const { experimentStore } = await import('./experiment');
  session.start();
  return {
    session,
    location,
    run: () => runStore.getState(),
    experiment: () => experimentStore.getState().experiment,
    remarks: () => experimentStore.getState().remarks.map(({ key }) => key),
    worker: () => FakeWorker.all.at(-1) as FakeWorker,
    navigate: (next: string) => {
      location.hash = next;
      listeners.forEach((listener) => listener());
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeWorker.all = [];
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('document', { visibilityState: 'visible' });
  vi.stubGlobal('requestAnimationFrame', (paint: () => void) => paint());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
