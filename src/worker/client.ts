/**
 * The page's end of the wire: starts the worker, drops what dead runs still say, grants credits, and notices when the
 * worker has died or hangs, so that a silent stop is impossible.
 */
import { PROTOCOL_VERSION, type DataFile, type CsvOptions, type FromWorker, type ToWorker } from './protocol';

type Of<T extends FromWorker['type']> = Extract<FromWorker, { type: T }>;

export interface WorkerEvents {
  chosen(engine: Of<'chosen'>['engine']): void;
  ready(info: Of<'ready'>['info']): void;
  frame(frame: Of<'frame'>['frame']): void;
  changed(change: Of<'changed'>['change']): void;
  rewound(step: number, changes: Of<'rewound'>['changes']): void;
  checkpoint(checkpoint: Of<'checkpoint'>['checkpoint']): void;
  failed(fault: Of<'failed'>['fault']): void;
  inspected(request: number, result: Of<'inspected'>['result']): void;
  /** The worker died or stopped answering; it has been terminated. */
  died(reason: string): void;
}

export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

/** A worker silent for this long, or for ten times its longest stretch of work, is taken for dead. */
const PATIENCE_MS = 20_000;
const BUSY_FACTOR = 10;
/** A long stretch is remembered less with every heartbeat, and nobody waits longer than this. */
const BUSY_DECAY = 0.9;
const MOST_PATIENCE_MS = 120_000;
const CHECK_MS = 2000;
/** One frame on its way or waiting to be drawn: at most one a display frame. */
const CREDITS = 1;

export type StartMessage = Omit<Extract<ToWorker, { type: 'start' }>, 'type' | 'protocol' | 'run'>;
/** A command about the present run. */
export type Command = ToWorker extends infer M
  ? M extends { type: 'play' | 'pause' | 'step' | 'pace' | 'every' | 'stop' | 'change' | 'undo' }
    ? Omit<M, 'run'>
    : never
  : never;

export class WorkerClient {
  readonly #spawn: () => WorkerLike;
  readonly #events: WorkerEvents;
  #worker: WorkerLike | null = null;
  #run = 0;
  #request = 0;
  #heardAt = 0;
  #longestBusy = 0;

  constructor(spawn: () => WorkerLike, events: WorkerEvents) {
    this.#spawn = spawn;
    this.#events = events;
    setInterval(() => this.#check(), CHECK_MS);
  }

  #alive(): WorkerLike {
    if (this.#worker) return this.#worker;
    const worker = this.#spawn();
    // What a dead worker still says must not reach the one that took its place.
    const alive = (): boolean => this.#worker === worker;
    worker.onmessage = (event) => {
      if (alive()) this.#hear(event.data);
    };
    worker.onerror = (event) => {
      if (alive()) this.#die(event.message || 'the worker could not be started');
    };
    worker.onmessageerror = () => {
      if (alive()) this.#die('a message could not be read');
    };
    this.#worker = worker;
    this.#heardAt = performance.now();
    this.#longestBusy = 0;
    return worker;
  }

  /** Starts a run; whatever ran before is dead from now on. Returns the run's number. */
  start(message: StartMessage): number {
    this.#run++;
    this.#post({ type: 'start', protocol: PROTOCOL_VERSION, run: this.#run, ...message });
    this.#post({ type: 'credit', run: this.#run, frames: CREDITS });
    return this.#run;
  }

  /** Ends the present run, with none to follow yet. */
  end(): void {
    this.#run++;
    this.#worker?.postMessage({ type: 'end', run: this.#run } satisfies ToWorker);
  }

  /** About the present run; falls on deaf ears where its worker has died. */
  command(command: Command): void {
    this.#worker?.postMessage({ ...command, run: this.#run } satisfies ToWorker);
  }

  /** A frame of `run` has been drawn: one more may come. */
  drawn(run: number): void {
    this.#worker?.postMessage({ type: 'credit', run, frames: 1 } satisfies ToWorker);
  }

  /** Asks what a CSV file holds; the answer names the request number returned. */
  inspect(file: DataFile, options: CsvOptions): number {
    this.#request++;
    this.#post({ type: 'inspect', request: this.#request, file, options });
    return this.#request;
  }

  #post(message: ToWorker): void {
    this.#alive().postMessage(message);
  }

  #hear(message: FromWorker): void {
    this.#heardAt = performance.now();
    switch (message.type) {
      case 'heartbeat':
        this.#longestBusy = Math.max(message.busyMs, BUSY_DECAY * this.#longestBusy);
        return;
      case 'inspected':
        return this.#events.inspected(message.request, message.result);
    }
    if (message.run !== this.#run) return;
    switch (message.type) {
      case 'chosen':
        return this.#events.chosen(message.engine);
      case 'ready':
        return this.#events.ready(message.info);
      case 'frame':
        return this.#events.frame(message.frame);
      case 'changed':
        return this.#events.changed(message.change);
      case 'rewound':
        return this.#events.rewound(message.step, message.changes);
      case 'checkpoint':
        return this.#events.checkpoint(message.checkpoint);
      case 'failed':
        return this.#events.failed(message.fault);
    }
  }

  #check(): void {
    const patience = Math.min(MOST_PATIENCE_MS, Math.max(PATIENCE_MS, BUSY_FACTOR * this.#longestBusy));
    const silence = performance.now() - this.#heardAt;
    // A page that slept itself (a closed lid) has heard nothing either: its own timer was late, so it waits once more.
    if (this.#worker && silence > patience && silence < patience + 2 * CHECK_MS) this.#die('it stopped answering');
    else if (silence > patience) this.#heardAt = performance.now();
  }

  #die(reason: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#run++;
    this.#events.died(reason);
  }
}
