/**
 * One run: a pure function of its experiment and data. It takes steps, measures when it is told to, notices the edge
 * and divergence, and can go back. It knows no clock and no screen: who drives it (the worker, the command line, a
 * test) decides when to step and when to measure, and θ_t is the same whatever they decide.
 */
import type { Change, Experiment, Remark } from '../experiment/experiment';
import { threshold } from '../experiment/thresholds';
import type { BatchDraws } from './batches';
import { interruptible, type Breathe } from './breathe';
import type { DeterministicMath } from './deterministic';
import { Meter, type Eigenpairs, type Sample } from './instruments/meter';
import type { Landscape, Scalar, Vector } from './landscape/landscape';
import { isDiverged, lastGood } from './markers/divergence';
import { EdgeWatch, type EdgeMarker } from './markers/edge-watch';
import { initialise } from './network/initialise';
import { problemOf } from './network/network';
import type { Resume, RunMarker, RunOptions } from './run-options';
import { Schedule } from './schedule';
import { Snapshots, type Snapshot } from './snapshots';
import { CHUNK, Stepper } from './stepper';

const SNAPSHOT_BYTES = 64 * 1024 * 1024;

export class Run {
  readonly landscape: Landscape;
  readonly remarks: readonly Remark[];
  /** The examples of every step's mini-batch; null where every step goes over all of them. */
  readonly draws: BatchDraws | null;
  readonly #experiment: Experiment;
  readonly #stepper: Stepper;
  readonly #meter: Meter;
  /** The breathe of measurements. */
  readonly #cut: Breathe;
  readonly #onMarker: (marker: RunMarker) => void;
  readonly #theta: Vector;
  readonly #loss: Scalar;
  readonly #snapshots = new Snapshots(SNAPSHOT_BYTES);
  readonly #edge: EdgeWatch;
  #step = 0;
  #lr = NaN;
  #schedule: Schedule;
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
    this.#onMarker = options.onMarker ?? (() => undefined);
    const { breathe = () => undefined, urgent = () => false } = options;
    this.#cut = interruptible(breathe, urgent);
    this.#stepper = new Stepper(landscape, experiment, batchSize, math, breathe, urgent);
    this.draws = this.#stepper.draws;
    this.#meter = new Meter(landscape, math, experiment.seed, experiment.k);
    this.#theta = landscape.vector();
    this.#edge = new EdgeWatch(landscape, this.#theta, this.#stepper, this.#meter, this.#cut);
    [this.#loss] = landscape.scalars(1);
    this.#schedule = new Schedule(experiment.lr, [...experiment.at]);
  }

  async #begin(math: DeterministicMath, resume: Resume | null): Promise<void> {
    const { init, scale, seed } = this.#experiment;
    const { landscape } = this;
    landscape.write(this.#theta, initialise(landscape.problem.network, init, scale, seed, math));
    landscape.value(this.#theta, this.#loss);
    const [[loss], theta] = await landscape.read([this.#loss], this.#theta);
    this.#initialLoss = loss;
    this.#snapshots.add({ step: 0, theta, loss, changes: this.changes, edge: this.#edge.state, pinned: true });
    if (resume) {
      landscape.write(this.#theta, resume.theta);
      this.#step = resume.step;
      this.#schedule = this.#schedule.with([...resume.changes]);
    }
    this.#edge.resume(this.#step, resume?.edge ?? this.#edge.state);
    // A divergence after this goes back to here, not to θ₀.
    if (resume) await this.keep();
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
    return this.#schedule.changes;
  }

  /** The step whose loss left all bounds; null while all is well. */
  get divergedAt(): number | null {
    return this.#divergedAt;
  }

  get threshold(): number {
    return threshold(this.#experiment.opt, { lr: this.#lr });
  }

  #applyLearningRate(): void {
    this.#lr = this.#schedule.rateAt(this.#step);
    this.#stepper.optimizer.setLearningRate(this.#lr);
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
      const upTo = Math.min(target, this.#step + CHUNK, this.#schedule.nextAfter(this.#step));
      goesOn = await this.#chunk(upTo - this.#step);
      if (this.#divergedAt !== null) break;
      if (this.#schedule.changesAt(this.#step)) await this.#passChange(this.#schedule);
    }
    return this.#step - from;
  }

  /** Up to `count` steps, and a look at their losses. Resolves with false where something urgent cut it short. */
  async #chunk(count: number): Promise<boolean> {
    const { losses, urgent } = await this.#stepper.take(this.#theta, this.#step, count);
    const bad = losses.findIndex((loss) => this.#isDiverged(loss));
    if (bad < 0) this.#step += losses.length;
    else this.#diverge(this.#step + bad, losses[bad]);
    return !urgent;
  }

  #isDiverged(loss: number): boolean {
    return isDiverged(loss, this.#initialLoss);
  }

  #diverge(step: number, loss: number): void {
    this.#divergedAt = step;
    this.#step = step;
    this.#onMarker({ kind: 'divergence', step, value: loss, band: null });
    const good = lastGood(this.#snapshots, step, this.#initialLoss);
    this.#shownStep = good.step;
    this.landscape.write(this.#theta, good.theta);
  }

  /** A change at this step: the edge of the old threshold is settled, the state kept, and the new η put in force. */
  async #passChange(schedule: Schedule): Promise<void> {
    this.#mark(await this.#edge.close(this.#step, this.threshold));
    // Of several changes at one step, the snapshot before the first is the one to go back to: it stays.
    await this.keep(true);
    this.#schedule = schedule;
    this.#applyLearningRate();
    this.#onMarker({ kind: 'change', step: this.#step, value: this.#lr, band: null });
    this.#edge.open(this.#step, this.threshold);
  }

  #mark(marker: EdgeMarker | null): void {
    if (marker) this.#onMarker(marker);
  }

  /** Measures at θ_step and finds the markers this sample brings; null where the run turns out to have diverged. */
  async measure(): Promise<Sample | null> {
    const { optimizer, batchAt } = this.#stepper;
    const coming = { optimizer, threshold: this.threshold, batch: batchAt(this.#step) };
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
    return (await this.landscape.read(this.#theta))[0];
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
    this.landscape.value(this.#theta, this.#loss);
    const [theta, [loss]] = await this.landscape.read(this.#theta, [this.#loss]);
    const snapshot = { step: this.#step, theta, loss, changes: this.changes, edge: this.#edge.state, pinned };
    this.#snapshots.add(snapshot);
    return snapshot;
  }

  /** Changes η for the steps from now on; what the link had recorded for later is void. Resolves with the change. */
  async change(lr: number): Promise<Change> {
    const change = { step: this.#step, lr };
    await this.#passChange(this.#schedule.changed(change));
    return change;
  }

  /**
   * Back to the step before the last change, which is forgotten; without one, a diverged run goes back to its last good
   * snapshot. Resolves with the step, or null where there is nothing to go back to.
   */
  async undo(): Promise<number | null> {
    const last = this.#schedule.last(this.#step);
    if (!last && this.#divergedAt === null) return null;
    // A change made when the loss had already left all bounds leads back to before that.
    const before = last && this.#snapshots.last(last.step, (kept) => !this.#isDiverged(kept.loss));
    const snapshot = before ?? lastGood(this.#snapshots, this.#step, this.#initialLoss);
    this.#schedule = this.#schedule.with(snapshot.changes.filter((change) => change.step !== last?.step));
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
