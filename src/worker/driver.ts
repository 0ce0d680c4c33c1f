/**
 * Drives one run in real time: so many steps a second, a measurement when one is due, frames to the page as it grants
 * credits. Commands are heard between units of work and take effect in order. The driver decides *when*; what happens
 * is the run's alone.
 */
import { Interrupted, type Breathe } from '../engine/breathe';
import { cadenceFor, Timing } from '../engine/cadence';
import type { Preview } from '../engine/data/preview';
import type { Predictor } from '../engine/landscape/landscape';
import type { Run } from '../engine/run';
import type { RunMarker } from '../engine/run-options';
import type { Pace } from '../experiment/experiment';
import type { Checkpoint, FromWorker, RunStatus } from './protocol';
import { FrameBuffer } from './frames';
import { Pacer } from './pacer';

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
/** Timings are trusted after this many measurements. */
const WARM_UP = 8;

export class Driver {
  readonly #o: DriverOptions;
  readonly #frames = new FrameBuffer();
  readonly #predictor: Predictor | null;
  readonly #pacer: Pacer;
  readonly #commands: (() => Promise<void>)[] = [];
  readonly #stepTime = new Timing();
  readonly #measureTime = new Timing();
  #every: number | null;
  #stop: number;
  #playing: boolean;
  #status: RunStatus;
  #credits = 0;
  #dirty = true;
  /** A measurement is due at the present step: the first one, or one that a command cut short. */
  #owed = true;
  #measuredAt = -1;
  #cadence = 1;
  #disposed = false;
  /** A command is being carried out: only the end of the run may cut it short. */
  #commanded = false;
  #wake: () => void = () => undefined;
  #checkpointAt: number;
  #outputsAt = -Infinity;
  #outputsStep = -1;

  constructor(options: DriverOptions) {
    this.#o = options;
    this.#pacer = new Pacer(options.pace, options.now);
    this.#every = options.every;
    this.#stop = options.stop;
    this.#playing = options.play;
    this.#status = options.play ? 'running' : 'paused';
    this.#checkpointAt = options.now();
    const { preview, run } = options;
    const width = run.landscape.problem.network.sizes[0];
    this.#predictor = preview && run.landscape.predictor(preview.grid.length / width, preview.grid);
  }

  /** Whether long work of the run should be cut short: for a command, or because the run is over. */
  get urgent(): boolean {
    return this.#disposed || (this.#commands.length > 0 && !this.#commanded);
  }

  /** Runs until disposed; rejects with whatever the run throws. */
  async start(): Promise<void> {
    while (!this.#disposed) {
      try {
        await this.#turn();
      } catch (thrown) {
        // What was cut short is taken up again once the commands are through.
        if (!(thrown instanceof Interrupted)) throw thrown;
      }
    }
  }

  async #turn(): Promise<void> {
    const command = this.#commands.shift();
    if (command) {
      this.#commanded = true;
      await command().finally(() => (this.#commanded = false));
    } else if (this.#owed) {
      await this.#measure();
      this.#pacer.anchor(this.#o.run.step);
      this.#pacer.restartRate(this.#o.run.step);
    } else if (this.#playing && this.#pacer.allowance(this.#o.run.step) > 0) {
      await this.#work();
    } else {
      await this.#rest();
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
      const { run } = this.#o;
      if (run.divergedAt !== null || run.step >= this.#stop) return;
      this.#playing = true;
      this.#pacer.anchor(run.step);
      this.#pacer.restartRate(run.step);
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
      const { run } = this.#o;
      if (run.divergedAt !== null || run.step >= this.#stop) return;
      this.#playing = false;
      await run.advance(1);
      this.#setStatus(run.step >= this.#stop ? 'resting' : 'paused');
      await this.#measure();
    });
  }

  setPace(pace: Pace): void {
    this.#enqueue(async () => this.#pacer.anchor(this.#o.run.step, pace));
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
      await this.#settle();
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
      this.#owed = true;
      await this.#checkpoint();
    });
  }

  #enqueue(command: () => Promise<void>): void {
    this.#commands.push(command);
    this.#wake();
  }

  #setStatus(status: RunStatus): void {
    this.#status = status;
    this.#dirty = true;
  }

  #nextMeasurement(): number {
    const { step } = this.#o.run;
    if (this.#every !== null) return (Math.floor(step / this.#every) + 1) * this.#every;
    return Math.max(step + 1, this.#measuredAt + this.#cadence);
  }

  async #work(): Promise<void> {
    const { run, now } = this.#o;
    const target = Math.min(this.#nextMeasurement(), this.#stop);
    const count = Math.max(1, Math.min(this.#pacer.allowance(run.step), target - run.step));
    const before = now();
    const taken = await run.advance(count);
    this.#stepTime.add((now() - before) / Math.max(1, taken));
    if (run.divergedAt !== null || run.step >= target) {
      this.#owed = true;
      await this.#measure();
    }
    if (now() - this.#checkpointAt > CHECKPOINT_MS) await this.#checkpoint();
    await this.#send();
    // At full speed nothing else would let messages in.
    const pause = this.#o.breathe();
    if (pause) await pause;
  }

  async #measure(): Promise<void> {
    const { run, now } = this.#o;
    if (run.divergedAt === null) {
      const before = now();
      const sample = await run.measure();
      this.#measureTime.add(now() - before);
      if (sample) this.#frames.add(sample);
    }
    this.#owed = false;
    this.#measuredAt = run.step;
    this.#dirty = true;
    this.#adaptCadence();
    await this.#settle();
    await this.#send();
  }

  /** A run that has diverged, or has come to its last step, goes no further. */
  async #settle(): Promise<void> {
    const { run } = this.#o;
    if (run.divergedAt !== null) {
      this.#playing = false;
      this.#setStatus('diverged');
    } else if (this.#playing && run.step >= this.#stop) {
      this.#playing = false;
      this.#setStatus('resting');
      await this.#checkpoint();
    }
  }

  #adaptCadence(): void {
    if (this.#every !== null) {
      this.#cadence = this.#every;
    } else if (this.#measureTime.readings >= WARM_UP) {
      const { pace } = this.#pacer;
      const ideal = cadenceFor({ stepMs: this.#stepTime.mean, measureMs: this.#measureTime.mean, pace });
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

  /** The network on the preview's grid, where it has moved and the last evaluation is not too fresh. */
  async #evaluate(): Promise<void> {
    const { run, now } = this.#o;
    const { shownStep } = run;
    const fresh = this.#playing && now() - this.#outputsAt <= OUTPUTS_MS;
    if (!this.#predictor || this.#outputsStep === shownStep || fresh) return;
    this.#outputsAt = now();
    this.#outputsStep = shownStep;
    const values = await this.#predictor.outputs(run.thetaVector);
    this.#frames.outputs = { step: shownStep, values, width: run.landscape.problem.network.sizes.at(-1) ?? 1 };
  }

  /** One frame, if there is something new and the page has granted a credit. */
  async #send(): Promise<void> {
    if (!this.#dirty || this.#credits <= 0) return;
    const { run, id, post } = this.#o;
    await this.#evaluate();
    this.#credits--;
    this.#dirty = false;
    const { frame, transfer } = this.#frames.take({
      status: this.#status,
      step: run.step,
      lr: run.lr,
      cadence: this.#cadence,
      stepsPerSecond: this.#playing ? this.#pacer.rate(run.step) : 0,
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
    if (this.#playing) await Promise.race([woken, this.#o.sleep(this.#pacer.wait(this.#o.run.step))]);
    else await woken;
    this.#wake = () => undefined;
  }
}
