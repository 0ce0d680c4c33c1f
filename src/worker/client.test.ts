/** The page's end of the wire against a worker that only listens. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import { WorkerClient, type StartMessage, type WorkerEvents, type WorkerLike } from './client';
import { PROTOCOL_VERSION, type Frame, type FromWorker, type ToWorker } from './protocol';

class FakeWorker implements WorkerLike {
  readonly heard: ToWorker[] = [];
  terminated = false;
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  postMessage(message: unknown): void {
    this.heard.push(structuredClone(message) as ToWorker);
  }
  terminate(): void {
    this.terminated = true;
  }
  say(message: FromWorker): void {
    this.onmessage?.({ data: message } as MessageEvent<FromWorker>);
  }
  break(message: string): void {
    this.onerror?.({ message } as ErrorEvent);
  }
}

const START: StartMessage = { experiment: DEFAULT_EXPERIMENT, pace: 60, play: true, file: null, resume: null };
const FRAME: Frame = {
  status: 'running',
  step: 1,
  steps: new Float64Array(),
  columns: {},
  spectrum: null,
  markers: [],
  outputs: null,
  lr: 0.1,
  cadence: 1,
  stepsPerSecond: 0,
  products: 0,
};
const SUMMARY = { code: 'data', message: 'No.' } as const;

function bench(): {
  client: WorkerClient;
  workers: FakeWorker[];
  events: { [K in keyof WorkerEvents]: ReturnType<typeof vi.fn<WorkerEvents[K]>> };
} {
  const workers: FakeWorker[] = [];
  const events = {
    chosen: vi.fn(),
    ready: vi.fn(),
    frame: vi.fn(),
    changed: vi.fn(),
    rewound: vi.fn(),
    checkpoint: vi.fn(),
    failed: vi.fn(),
    inspected: vi.fn(),
    died: vi.fn(),
  };
  const client = new WorkerClient(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  }, events);
  return { client, workers, events };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('WorkerClient', () => {
  it('starts one worker, states protocol and run, and grants a credit', () => {
    const { client, workers } = bench();
    expect(workers).toHaveLength(0);
    expect(client.start(START)).toBe(1);
    expect(client.start(START)).toBe(2);
    expect(workers).toHaveLength(1);
    expect(workers[0].heard).toEqual([
      { type: 'start', protocol: PROTOCOL_VERSION, run: 1, ...START },
      { type: 'credit', run: 1, frames: 1 },
      { type: 'start', protocol: PROTOCOL_VERSION, run: 2, ...START },
      { type: 'credit', run: 2, frames: 1 },
    ]);
  });

  it('passes on what the present run says, each to its own listener', () => {
    const { client, workers, events } = bench();
    const run = client.start(START);
    const checkpoint = {
      step: 1,
      theta: new Float64Array(1),
      changes: [],
      edge: { started: true, below: true, reached: false },
    };
    workers[0].say({ type: 'chosen', run, engine: 'webgpu' });
    workers[0].say({ type: 'frame', run, frame: FRAME });
    workers[0].say({ type: 'changed', run, change: { step: 3, lr: 0.2 } });
    workers[0].say({ type: 'rewound', run, step: 2, changes: [] });
    workers[0].say({ type: 'checkpoint', run, checkpoint });
    workers[0].say({ type: 'failed', run, fault: SUMMARY });
    expect(events.chosen).toHaveBeenCalledExactlyOnceWith('webgpu');
    expect(events.frame).toHaveBeenCalledExactlyOnceWith(FRAME);
    expect(events.changed).toHaveBeenCalledExactlyOnceWith({ step: 3, lr: 0.2 });
    expect(events.rewound).toHaveBeenCalledExactlyOnceWith(2, []);
    expect(events.checkpoint).toHaveBeenCalledExactlyOnceWith(checkpoint);
    expect(events.failed).toHaveBeenCalledExactlyOnceWith(SUMMARY);
    expect(events.died).not.toHaveBeenCalled();
  });

  it('drops what dead runs still say', () => {
    const { client, workers, events } = bench();
    const old = client.start(START);
    client.start(START);
    workers[0].say({ type: 'frame', run: old, frame: FRAME });
    workers[0].say({ type: 'failed', run: old, fault: SUMMARY });
    workers[0].say({ type: 'frame', run: 99, frame: FRAME });
    expect(events.frame).not.toHaveBeenCalled();
    expect(events.failed).not.toHaveBeenCalled();
  });

  it('sends commands and credits for the present run', () => {
    const { client, workers } = bench();
    client.start(START);
    client.start(START);
    client.command({ type: 'change', lr: 0.3 });
    client.command({ type: 'pace', pace: 'max' });
    client.drawn(2);
    expect(workers[0].heard.slice(4)).toEqual([
      { type: 'change', lr: 0.3, run: 2 },
      { type: 'pace', pace: 'max', run: 2 },
      { type: 'credit', run: 2, frames: 1 },
    ]);
  });

  it('numbers inspections, and hears their answers whatever runs', () => {
    const { client, workers, events } = bench();
    const file = { name: 'a.csv', bytes: new ArrayBuffer(1) };
    const options = { header: 'auto', target: '', task: 'auto', std: true, n: 10 } as const;
    expect([client.inspect(file, options), client.inspect(file, options)]).toEqual([1, 2]);
    client.start(START);
    workers[0].say({ type: 'inspected', request: 2, result: SUMMARY });
    expect(events.inspected).toHaveBeenCalledExactlyOnceWith(2, SUMMARY);
  });

  it('says that a broken worker died, terminates it and makes another when one is needed', () => {
    const { client, workers, events } = bench();
    const run = client.start(START);
    workers[0].break('out of memory');
    expect(events.died).toHaveBeenCalledExactlyOnceWith('out of memory');
    expect(workers[0].terminated).toBe(true);
    workers[0].say({ type: 'frame', run, frame: FRAME });
    expect(events.frame).not.toHaveBeenCalled();
    const next = client.start(START);
    expect(next).toBeGreaterThan(run);
    expect(workers).toHaveLength(2);
    workers[1].say({ type: 'frame', run: next, frame: FRAME });
    expect(events.frame).toHaveBeenCalledTimes(1);
  });

  it('does not let a dead worker kill the one that took its place', () => {
    const { client, workers, events } = bench();
    client.start(START);
    workers[0].break('first');
    client.start(START);
    workers[0].break('second');
    workers[0].onmessageerror?.({} as MessageEvent);
    expect(events.died).toHaveBeenCalledTimes(1);
    expect(workers[1].terminated).toBe(false);
  });

  it('gives a message that cannot be read, and an error without words, a reason', () => {
    const { client, workers, events } = bench();
    client.start(START);
    workers[0].onmessageerror?.({} as MessageEvent);
    client.start(START);
    workers[1].break('');
    expect(events.died.mock.calls).toEqual([['a message could not be read'], ['the worker could not be started']]);
  });

  it('notices a worker that has stopped answering, and not one that beats', () => {
    const { client, workers, events } = bench();
    client.start(START);
    for (let i = 0; i < 60; i++) {
      vi.advanceTimersByTime(1000);
      workers[0].say({ type: 'heartbeat', busyMs: 5 });
    }
    expect(events.died).not.toHaveBeenCalled();
    vi.advanceTimersByTime(24_000);
    expect(events.died).toHaveBeenCalledExactlyOnceWith('it stopped answering');
    expect(workers[0].terminated).toBe(true);
    vi.advanceTimersByTime(100_000);
    expect(events.died).toHaveBeenCalledTimes(1);
  });

  it('has more patience with a worker whose work is long, and none left over for the next', () => {
    const { client, workers, events } = bench();
    client.start(START);
    workers[0].say({ type: 'heartbeat', busyMs: 6000 });
    vi.advanceTimersByTime(58_000);
    expect(events.died).not.toHaveBeenCalled();
    vi.advanceTimersByTime(8000);
    expect(events.died).toHaveBeenCalledTimes(1);
    client.start(START);
    vi.advanceTimersByTime(24_000);
    expect(events.died).toHaveBeenCalledTimes(2);
  });

  it('does not take its own sleep for the worker’s death', () => {
    const { client, workers, events } = bench();
    client.start(START);
    vi.advanceTimersByTime(1000);
    // A closed lid: the clock jumps by an hour and no timer fires meanwhile.
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 3_600_000);
    vi.advanceTimersByTime(2000);
    expect(events.died).not.toHaveBeenCalled();
    workers[0].say({ type: 'heartbeat', busyMs: 0 });
    vi.advanceTimersByTime(2000);
    expect(events.died).not.toHaveBeenCalled();
    clock.mockRestore();
  });

  it('hears, in any order of starts, deaths and late words, only the run that is alive', () => {
    const action = fc.oneof(
      fc.constant({ type: 'start' as const }),
      fc.constant({ type: 'break' as const }),
      fc.constant({ type: 'drawn' as const }),
      fc.record({ type: fc.constant('say' as const), worker: fc.nat(5), run: fc.nat(12) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const { client, workers, events } = bench();
        let [run, alive, heard, deaths] = [0, -1, 0, 0];
        for (const step of actions) {
          if (step.type === 'start') {
            const next = client.start(START);
            expect(next).toBeGreaterThan(run);
            run = next;
            alive = workers.length - 1;
          } else if (step.type === 'drawn' && alive >= 0) {
            client.drawn(run);
            expect(workers[alive].heard.at(-1)).toEqual({ type: 'credit', run, frames: 1 });
          } else if (step.type === 'break' && alive >= 0) {
            workers[alive].break('x');
            alive = -1;
            deaths++;
          } else if (step.type === 'say' && step.worker < workers.length) {
            workers[step.worker].say({ type: 'frame', run: step.run, frame: FRAME });
            if (step.worker === alive && step.run === run) heard++;
          }
          expect(events.frame).toHaveBeenCalledTimes(heard);
          expect(events.died).toHaveBeenCalledTimes(deaths);
          expect(workers.filter(({ terminated }) => !terminated).length).toBe(alive >= 0 ? 1 : 0);
        }
        vi.clearAllTimers();
      }),
    );
  });
});
