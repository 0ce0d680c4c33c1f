/**
 * Drives one run in real time: so many steps a second, a measurement when one is due, frames to the page as it grants
 * credits. Commands are heard between units of work and take effect in order. The driver decides *when*; what happens
 * is the run's alone.
 */
import { cadenceFor, Timing } from '../engine/cadence';
import type { Preview } from '../engine/data/preview';
import type { Sample } from '../engine/instruments/meter';
import type { Predictor } from '../engine/landscape/landscape';
import type { Run, RunMarker } from '../engine/run';
import type { Breathe } from '../engine/spectrum/lanczos';
import type { Pace } from '../experiment/experiment';
import type { Checkpoint, FromWorker, RunStatus } from './protocol';
import { FrameBuffer } from './frames';

export interface DriverOptions {
  readonly id: number;
  readonly run: Run;
  readonly preview: Preview | null;
  readonly pace: Pace;
  readonly play: boolean;
  readonly every: number | null;
  readonly stop: number;
  readonly post: (message: FromWorker, transfer?: Transferable[]) => void;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly breathe: Breathe;
}

/** Between two checkpoints, and between two evaluations of the network on the preview's grid. */
const CHECKPOINT_MS = 2000;
const OUTPUTS_MS = 80;
/** A run that fell behind its pace (a hidden tab, a slow machine) does not make up for more than this. */
const MOST_CATCH_UP_MS = 100;
/** Timings are trusted after this many measurements. */
const WARM_UP = 8;

export class Driver {
  readonly #o: DriverOptions;
  readonly #frames = new FrameBuffer();
  readonly #predictor: Predictor | null;
  readonly #commands: (() => Promise<void>)[] = [];
  readonly #stepTime = new Timing();
  readonly #measureTime = new Timing();
  #pace: Pace;
  #every: number | null;
  #stop: number;
  #playing: boolean;
  #status: RunStatus;
  #credits = 0;
  #dirty = true;
  #measuredAt = -1;
  #cadence = 1;
  #disposed = false;
  #wake: () => void = () => undefined;
  /** Pacing: `#anchorStep` was reached at `#anchorTime`. */
  #anchorTime = 0;
  #anchorStep = 0;
  #checkpointAt: number;
  #outputsAt = -Infinity;
  #outputsStep = -1;
  #rate = { time: 0, step: 0, perSecond: 0 };

  constructor(options: DriverOptions) {
    this.#o = options;
    this.#pace = options.pace;
    this.#every = options.every;
    this.#stop = options.stop;
    this.#playing = options.play;
    this.#status = options.play ? 'running' : 'paused';
    this.#checkpointAt = options.now();
    const { preview, run } = options;
    const width = run.landscape.problem.network.sizes[0];
    this.#predictor = preview && run.landscape.predictor(preview.grid.length / width, preview.grid);
  }

  /** Runs until disposed; rejects with whatever the run throws. */
  async start(): Promise<void> {
    await this.#measure();
    this.#anchor();
    this.#restartRate();
    while (!this.#disposed) {
      const command = this.#commands.shift();
      if (command) await command();
      else if (this.#isDue()) await this.#work();
      else await this.#rest();
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#wake();
  }

  marker(marker: RunMarker): void {
    this.#frames.markers.push({ ...marker, value: Number.isFinite(marker.value) ? marker.value : null });
    this.#dirty = true;
  }

  credit(frames: number): void {
    this.#credits += frames;
    this.#wake();
  }

  play(): void {
    this.#enqueue(async () => {
      if (this.#o.run.divergedAt !== null || this.#o.run.step >= this.#stop) return;
      this.#playing = true;
      this.#anchor();
      this.#restartRate();
      this.#setStatus('running');
    });
  }

  pause(): void {
    this.#enqueue(async () => {
      this.#playing = false;
      if (this.#status === 'running') this.#setStatus('paused');
      await this.#checkpoint();
    });
  }

  step(): void {
    this.#enqueue(async () => {
      if (this.#o.run.divergedAt !== null) return;
      this.#playing = false;
      await this.#o.run.advance(1);
      this.#setStatus(this.#o.run.step >= this.#stop ? 'resting' : 'paused');
      await this.#measure();
    });
  }

  setPace(pace: Pace): void {
    this.#enqueue(async () => {
      this.#pace = pace;
      this.#anchor();
    });
  }

  setEvery(every: number | null): void {
    this.#enqueue(async () => {
      this.#every = every;
    });
  }

  setStop(stop: number): void {
    this.#enqueue(async () => {
      this.#stop = stop;
      if (this.#status === 'resting' && this.#o.run.step < stop) this.#setStatus('paused');
    });
  }

  change(lr: number): void {
    this.#enqueue(async () => {
      if (this.#o.run.divergedAt !== null) return;
      const change = await this.#o.run.change(lr);
      this.#o.post({ type: 'changed', run: this.#o.id, change });
      this.#dirty = true;
      await this.#checkpoint();
    });
  }

  undo(): void {
    this.#enqueue(async () => {
      const step = await this.#o.run.undo();
      if (step === null) return;
      this.#playing = false;
      this.#frames.truncate(step);
      this.#o.post({ type: 'rewound', run: this.#o.id, step, changes: this.#o.run.changes });
      this.#setStatus('paused');
      await this.#measure();
      await this.#checkpoint();
    });
  }

  #enqueue(command: () => Promise<void>): void {
    this.#commands.push(command);
    this.#wake();
  }

  #anchor(): void {
    this.#anchorTime = this.#o.now();
    this.#anchorStep = this.#o.run.step;
  }

  #restartRate(): void {
    this.#rate = { time: this.#anchorTime, step: this.#anchorStep, perSecond: 0 };
  }

  #setStatus(status: RunStatus): void {
    this.#status = status;
    this.#dirty = true;
  }

  /** Steps that the pace allows by now. */
  #allowance(): number {
    if (this.#pace === 'max') return Infinity;
    const now = this.#o.now();
    const due = this.#anchorStep + ((now - this.#anchorTime) * this.#pace) / 1000;
    const behind = ((due - this.#o.run.step) * 1000) / this.#pace;
    if (behind > MOST_CATCH_UP_MS + 1000 / this.#pace) this.#anchor();
    return Math.floor(due) - this.#o.run.step;
  }

  #isDue(): boolean {
    return this.#playing && this.#allowance() > 0;
  }

  #nextMeasurement(): number {
    const { step } = this.#o.run;
    if (this.#every !== null) return (Math.floor(step / this.#every) + 1) * this.#every;
    return Math.max(step + 1, this.#measuredAt + this.#cadence);
  }

  async #work(): Promise<void> {
    const { run, now } = this.#o;
    const target = Math.min(this.#nextMeasurement(), this.#stop);
    const count = Math.max(1, Math.min(this.#allowance(), target - run.step));
    const before = now();
    const taken = await run.advance(count);
    this.#stepTime.add((now() - before) / Math.max(1, taken));
    if (run.divergedAt !== null || run.step >= target) await this.#measure();
    if (run.step >= this.#stop && this.#status === 'running') {
      this.#playing = false;
      this.#setStatus('resting');
      await this.#checkpoint();
    }
    if (now() - this.#checkpointAt > CHECKPOINT_MS) await this.#checkpoint();
    await this.#send();
    // At full speed nothing else would let messages in.
    const pause = this.#o.breathe();
    if (pause) await pause;
  }

  async #measure(): Promise<void> {
    const { run, now } = this.#o;
    let sample: Sample | null = null;
    if (run.divergedAt === null) {
      const before = now();
      sample = await run.measure();
      this.#measureTime.add(now() - before);
    }
    this.#measuredAt = run.step;
    this.#dirty = true;
    if (sample) this.#frames.add(sample);
    if (run.divergedAt !== null) {
      this.#playing = false;
      this.#setStatus('diverged');
    }
    this.#adaptCadence();
    await this.#send();
  }

  #adaptCadence(): void {
    if (this.#every !== null) {
      this.#cadence = this.#every;
    } else if (this.#measureTime.readings >= WARM_UP) {
      const ideal = cadenceFor({ stepMs: this.#stepTime.mean, measureMs: this.#measureTime.mean, pace: this.#pace });
      // A cadence that hunts up and down is worse than one that is a little off.
      if (ideal > this.#cadence || ideal < 0.6 * this.#cadence) this.#cadence = ideal;
    }
  }

  async #checkpoint(): Promise<void> {
    const { run, id, post, now } = this.#o;
    this.#checkpointAt = now();
    if (run.divergedAt !== null) return;
    const { step, theta, changes, edge } = await run.keep();
    const checkpoint: Checkpoint = { step, theta: theta.slice(), changes, edge };
    post({ type: 'checkpoint', run: id, checkpoint }, [checkpoint.theta.buffer as ArrayBuffer]);
  }

  /** One frame, if there is something new and the page has granted a credit. */
  async #send(): Promise<void> {
    if (!this.#dirty || this.#credits <= 0) return;
    const { run, id, post, now } = this.#o;
    const time = now();
    if (this.#predictor && this.#outputsStep !== run.step && (time - this.#outputsAt > OUTPUTS_MS || !this.#playing)) {
      this.#outputsAt = time;
      this.#outputsStep = run.step;
      const values = await this.#predictor.outputs(run.thetaVector);
      this.#frames.outputs = { step: run.step, values, width: run.landscape.problem.network.sizes.at(-1) ?? 1 };
    }
    if (time - this.#rate.time > 500) {
      this.#rate = {
        time,
        step: run.step,
        perSecond: ((run.step - this.#rate.step) * 1000) / (time - this.#rate.time),
      };
    }
    this.#credits--;
    this.#dirty = false;
    const { frame, transfer } = this.#frames.take({
      status: this.#status,
      step: run.step,
      lr: run.lr,
      cadence: this.#cadence,
      stepsPerSecond: this.#playing ? this.#rate.perSecond : 0,
    });
    post({ type: 'frame', run: id, frame }, transfer);
  }

  /** Nothing to do until a command, a credit or the next step's time. */
  async #rest(): Promise<void> {
    await this.#send();
    if (this.#disposed || this.#commands.length > 0) return;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (this.#playing && this.#pace !== 'max') {
      const nextAt = this.#anchorTime + ((this.#o.run.step + 1 - this.#anchorStep) * 1000) / this.#pace;
      await Promise.race([woken, this.#o.sleep(Math.max(0, nextAt - this.#o.now()))]);
    } else {
      await woken;
    }
    this.#wake = () => undefined;
  }
}
