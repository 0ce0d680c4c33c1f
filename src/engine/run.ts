/**
 * One run: a pure function of its experiment and data. It takes steps, measures when it is told to, notices the edge
 * and divergence, and can go back. It knows no clock and no screen: who drives it (the worker, the command line, a
 * test) decides when to step and when to measure, and θ_t is the same whatever they decide.
 */
import type { Change, Experiment, Remark } from '../experiment/experiment';
import { threshold } from '../experiment/thresholds';
import { BatchDraws, MiniBatches } from './batches';
import { interruptible, type Breathe } from './breathe';
import type { Dataset } from './data/dataset';
import type { DeterministicMath } from './deterministic';
import { Meter, type Eigenpairs, type Sample } from './instruments/meter';
import type { Batch, Engine, Landscape, Scalar, Vector } from './landscape/landscape';
import type { EdgeState } from './markers/edge';
import { EdgeWatch, type EdgeMarker } from './markers/edge-watch';
import { initialise } from './network/initialise';
import { problemOf } from './network/network';
import { OPTIMIZER_FACTORIES } from './optimizers';
import type { Optimizer } from './optimizers/optimizer';
import { Snapshots, type Snapshot } from './snapshots';

export type RunMarker =
  | EdgeMarker
  | { readonly kind: 'change' | 'divergence'; readonly step: number; readonly value: number; readonly band: null };

export interface RunOptions {
  readonly experiment: Experiment;
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly math: DeterministicMath;
  readonly breathe?: Breathe;
  /** Whether long work should be cut short: steps stop early, a measurement rejects with `Interrupted`. */
  readonly urgent?: () => boolean;
  /** Called for every marker, in order of discovery. */
  readonly onMarker?: (marker: RunMarker) => void;
}

/** Where a run can be taken up again. */
export interface Resume {
  readonly step: number;
  readonly theta: Float64Array;
  readonly changes: readonly Change[];
  readonly edge: EdgeState;
}

/** Steps enqueued before the losses are looked at. */
const CHUNK = 64;
/** A step's loss, be it over a mini-batch, beyond this many times max(1, L(θ₀)) has diverged. */
const DIVERGED = 1e6;
/** A state is good to go back to while its loss is at most this many times max(1, L(θ₀)). */
const GOOD = 2;
const SNAPSHOT_BYTES = 64 * 1024 * 1024;

export class Run {
  readonly landscape: Landscape;
  readonly remarks: readonly Remark[];
  /** The examples of every step's mini-batch; null where every step goes over all of them. */
  readonly draws: BatchDraws | null;
  readonly #experiment: Experiment;
  readonly #optimizer: Optimizer;
  readonly #batches: MiniBatches | null;
  readonly #batchAt = (step: number): Batch | undefined => this.#batches?.at(step);
  readonly #meter: Meter;
  readonly #breathe: Breathe;
  readonly #urgent: () => boolean;
  /** The breathe of measurements. */
  readonly #cut: Breathe;
  readonly #onMarker: (marker: RunMarker) => void;
  readonly #theta: Vector;
  readonly #losses: readonly Scalar[];
  readonly #snapshots = new Snapshots(SNAPSHOT_BYTES);
  readonly #edge: EdgeWatch;
  #step = 0;
  #lr: number;
  #changes: readonly Change[];
  #initialLoss = NaN;
  #divergedAt: number | null = null;
  #shownStep = 0;

  static async create(options: RunOptions, resume: Resume | null = null): Promise<Run> {
    const { problem, batchSize, remarks } = problemOf(options.experiment, options.dataset);
    const landscape = await options.engine.landscape(problem);
    try {
      const run = new Run(options, landscape, batchSize, remarks);
      await run.#begin(options.math, resume);
      return run;
    } catch (thrown) {
      landscape.dispose();
      throw thrown;
    }
  }

  private constructor(options: RunOptions, landscape: Landscape, batchSize: number | null, remarks: readonly Remark[]) {
    const { experiment, math } = options;
    this.landscape = landscape;
    this.remarks = remarks;
    this.#experiment = experiment;
    this.#breathe = options.breathe ?? (() => undefined);
    this.#urgent = options.urgent ?? (() => false);
    this.#cut = interruptible(this.#breathe, this.#urgent);
    this.#onMarker = options.onMarker ?? (() => undefined);
    this.#optimizer = OPTIMIZER_FACTORIES[experiment.opt](landscape);
    const { seed, sampling } = experiment;
    const { examples } = landscape.problem;
    this.draws = batchSize === null ? null : new BatchDraws(math, { seed, examples, size: batchSize, sampling });
    this.#batches = this.draws && new MiniBatches(landscape, [this.draws], CHUNK);
    this.#meter = new Meter(landscape, math, experiment.seed, experiment.k);
    this.#theta = landscape.vector();
    const steps = { optimizer: this.#optimizer, batchAt: this.#batchAt };
    this.#edge = new EdgeWatch(landscape, this.#theta, steps, this.#meter, this.#cut);
    this.#losses = landscape.scalars(CHUNK);
    this.#changes = [...experiment.at];
    this.#lr = experiment.lr;
  }

  async #begin(math: DeterministicMath, resume: Resume | null): Promise<void> {
    const { init, scale, seed } = this.#experiment;
    const { landscape } = this;
    landscape.write(this.#theta, initialise(landscape.problem.network, init, scale, seed, math));
    landscape.value(this.#theta, this.#losses[0]);
    const [[loss], theta] = await landscape.read(this.#losses.slice(0, 1), this.#theta);
    this.#initialLoss = loss;
    this.#snapshots.add({ step: 0, theta, loss, changes: this.#changes, edge: this.#edge.state, pinned: true });
    if (resume) {
      landscape.write(this.#theta, resume.theta);
      this.#step = resume.step;
      this.#changes = [...resume.changes];
      // A divergence after this goes back to here, not to θ₀.
      this.#edge.resume(this.#step, resume.edge);
      await this.keep();
    } else {
      this.#edge.resume(0, this.#edge.state);
    }
    this.#applyLearningRate();
  }

  /** Steps taken: the state is θ_step. */
  get step(): number {
    return this.#step;
  }

  /** Learning rate in force for the next step. */
  get lr(): number {
    return this.#lr;
  }

  get changes(): readonly Change[] {
    return this.#changes;
  }

  /** The step whose loss left all bounds; null while all is well. */
  get divergedAt(): number | null {
    return this.#divergedAt;
  }

  get threshold(): number {
    return threshold(this.#experiment.opt, { lr: this.#lr });
  }

  #rateAt(step: number): number {
    return this.#changes.findLast((change) => change.step <= step)?.lr ?? this.#experiment.lr;
  }

  #applyLearningRate(): void {
    this.#lr = this.#rateAt(this.#step);
    this.#optimizer.setLearningRate(this.#lr);
  }

  /** The next step at which the learning rate changes, or Infinity. */
  #nextChange(): number {
    return this.#changes.find((change) => change.step > this.#step)?.step ?? Infinity;
  }

  /**
   * Takes `count` steps; fewer where something urgent comes in, or where the loss diverges: then `divergedAt` is set and
   * θ is the last good snapshot's. Resolves with the steps taken.
   */
  async advance(count: number): Promise<number> {
    const target = this.#step + count;
    const from = this.#step;
    let goesOn = this.#divergedAt === null;
    while (this.#step < target && goesOn) {
      const upTo = Math.min(target, this.#step + CHUNK, this.#nextChange());
      goesOn = await this.#chunk(upTo - this.#step);
      if (this.#divergedAt !== null) break;
      if (this.#changes.some((change) => change.step === this.#step)) await this.#passChange(this.#changes);
    }
    return this.#step - from;
  }

  /** Up to `count` steps, and a look at their losses. Resolves with false where something urgent cut it short. */
  async #chunk(count: number): Promise<boolean> {
    let taken = 0;
    let urgent = false;
    this.#batches?.load(this.#step, count);
    while (taken < count && !urgent) {
      this.#optimizer.step(this.#theta, this.#losses[taken], this.#batchAt(this.#step + taken));
      taken++;
      const pause = this.#breathe();
      if (pause) {
        await pause;
        urgent = this.#urgent();
      }
    }
    const [losses] = await this.landscape.read(this.#losses.slice(0, taken));
    const bad = losses.findIndex((loss) => this.#isDiverged(loss));
    if (bad < 0) this.#step += taken;
    else this.#diverge(this.#step + bad, losses[bad]);
    return !urgent;
  }

  #isDiverged(loss: number): boolean {
    return !(loss <= DIVERGED * Math.max(1, this.#initialLoss));
  }

  #diverge(step: number, loss: number): void {
    this.#divergedAt = step;
    this.#step = step;
    this.#onMarker({ kind: 'divergence', step, value: loss, band: null });
    const good = this.#lastGood(step);
    this.#shownStep = good.step;
    this.landscape.write(this.#theta, good.theta);
  }

  #lastGood(step: number): Snapshot {
    const bound = GOOD * Math.max(1, this.#initialLoss);
    const good = this.#snapshots.last(step, (snapshot) => snapshot.loss <= bound) ?? this.#snapshots.last(0);
    if (!good) throw new Error('A run always keeps its first snapshot.');
    return good;
  }

  /** A change at this step: the edge of the old threshold is settled, the state kept, and the new η put in force. */
  async #passChange(changes: readonly Change[]): Promise<void> {
    this.#mark(await this.#edge.close(this.#step, this.threshold));
    // Of several changes at one step, the snapshot before the first is the one to go back to: it stays.
    await this.keep(true);
    this.#changes = changes;
    this.#applyLearningRate();
    this.#onMarker({ kind: 'change', step: this.#step, value: this.#lr, band: null });
    this.#edge.open(this.#step, this.threshold);
  }

  #mark(marker: EdgeMarker | null): void {
    if (marker) this.#onMarker(marker);
  }

  /** Measures at θ_step and finds the markers this sample brings; null where the run turns out to have diverged. */
  async measure(): Promise<Sample | null> {
    const coming = { optimizer: this.#optimizer, threshold: this.threshold, batch: this.#batchAt(this.#step) };
    const { stepLoss, sample } = await this.#meter.measure(this.#theta, this.#step, coming, this.#cut);
    // The loss that the coming step will be judged by, so that a divergence is at one step however one measures.
    if (!sample || this.#isDiverged(stepLoss)) {
      this.#diverge(this.#step, stepLoss);
      return null;
    }
    this.#mark(await this.#edge.feed(this.#step, this.threshold, sample.spectrum));
    return sample;
  }

  /** θ now, exact. */
  async theta(): Promise<Float64Array> {
    const [theta] = await this.landscape.read(this.#theta);
    return theta;
  }

  /** The step whose θ stands on the device: `step`, but for a diverged run, which shows its last good state. */
  get shownStep(): number {
    return this.#divergedAt === null ? this.#step : this.#shownStep;
  }

  /** The device vector of θ, for predictors. */
  get thetaVector(): Vector {
    return this.#theta;
  }

  /** The top eigenpairs at θ_step; null where the curvature is not finite. */
  eigenvectors(): Promise<Eigenpairs | null> {
    return this.#meter.eigenvectors(this.#theta, this.#step, this.#cut);
  }

  /** Keeps the present state as a snapshot; pinned ones survive thinning. */
  async keep(pinned = false): Promise<Snapshot> {
    this.landscape.value(this.#theta, this.#losses[0]);
    const [theta, [loss]] = await this.landscape.read(this.#theta, this.#losses.slice(0, 1));
    const snapshot = { step: this.#step, theta, loss, changes: this.#changes, edge: this.#edge.state, pinned };
    this.#snapshots.add(snapshot);
    return snapshot;
  }

  /** Changes η for the steps from now on; what the link had recorded for later is void. Resolves with the change. */
  async change(lr: number): Promise<Change> {
    const change = { step: this.#step, lr };
    await this.#passChange([...this.#changes.filter((earlier) => earlier.step < this.#step), change]);
    return change;
  }

  /**
   * Back to the step before the last change, which is forgotten; without one, a diverged run goes back to its last good
   * snapshot. Resolves with the step, or null where there is nothing to go back to.
   */
  async undo(): Promise<number | null> {
    const last = this.#changes.findLast((change) => change.step <= this.#step);
    if (!last && this.#divergedAt === null) return null;
    // A change made when the loss had already left all bounds leads back to before that.
    const before = last && this.#snapshots.last(last.step, (kept) => !this.#isDiverged(kept.loss));
    const snapshot = before ?? this.#lastGood(this.#step);
    this.#changes = snapshot.changes.filter((change) => change.step !== last?.step);
    this.landscape.write(this.#theta, snapshot.theta);
    this.#step = snapshot.step;
    this.#divergedAt = null;
    this.#snapshots.truncate(snapshot.step);
    this.#edge.resume(snapshot.step, snapshot.edge);
    this.#applyLearningRate();
    return snapshot.step;
  }

  dispose(): void {
    this.landscape.dispose();
  }
}
