/**
 * Runs an experiment from its first step to its last at a fixed cadence and keeps what `run.json` and `run.npz` hold
 * (DESIGN §6). No clock, no screen and no file system, so that the command line, a browser and a test record alike. What
 * is measured has no effect on the run.
 */
import type { SeriesId } from '../../experiment/catalogue';
import type { Remark } from '../../experiment/experiment';
import { EdgescopeError } from '../../experiment/fault';
import { fingerprint } from '../fingerprint';
import type { Sample } from '../instruments/meter';
import { Run } from '../run';
import type { RunMarker, RunOptions } from '../run-options';
import type { NpyArray } from './npy';
import { measurableSeries, runRecord, type RunRecord, type SpectrumRecord } from './record';

export interface RecordingPlan {
  readonly steps: number;
  /** Steps between measurements; snapshots are measured as well. */
  readonly every: number;
  /** Steps of which θ, its fingerprint, spectrum and eigenvectors are kept. */
  readonly snapshots: readonly number[];
  /** Series written; null writes all that are measured. */
  readonly measure: readonly SeriesId[] | null;
  /** Whether arrays are wanted at all. */
  readonly arrays: boolean;
}

export interface Recording {
  readonly record: RunRecord;
  /**
   * X, Y and, for each snapshot, theta_, eigenvalues_ and eigenvectors_<step>; with mini-batches of which all steps'
   * take at most 64 MiB, also batches [steps, b], the examples (rows of X) of every step's; the record remarks on more.
   * Empty where not wanted.
   */
  readonly arrays: ReadonlyMap<string, NpyArray>;
}

export interface Progress {
  readonly step: number;
  /** The last sample; null before the first. */
  readonly sample: Sample | null;
}

/** Steps between two reports of progress, at most. */
const SLICE = 500;
const MOST_ARRAY_BYTES = 1_073_741_824;
const MEBIBYTE = 1_048_576;
const MOST_BATCH_BYTES = 64 * MEBIBYTE;

interface Column {
  readonly step: number[];
  readonly value: number[];
}

class Recorder {
  readonly #run: Run;
  readonly #plan: RecordingPlan;
  readonly #seed: number;
  readonly #columns: ReadonlyMap<SeriesId, Column>;
  readonly spectra: SpectrumRecord[] = [];
  readonly fingerprints = new Map<number, string>();
  readonly arrays = new Map<string, NpyArray>();
  /** What was left out of them. */
  readonly remarks: Remark[] = [];

  constructor(run: Run, plan: RecordingPlan, k: number, seed: number) {
    this.#run = run;
    this.#plan = plan;
    this.#seed = seed;
    const written = measurableSeries(k).filter((id) => plan.measure?.includes(id) ?? true);
    this.#columns = new Map(written.map((id) => [id, { step: [], value: [] }]));
  }

  add(step: number, values: ReadonlyMap<SeriesId, number>): void {
    for (const [id, column] of this.#columns) {
      column.step.push(step);
      column.value.push(values.get(id) ?? NaN);
    }
  }

  /** Series with at least one measured value. */
  get series(): ReadonlyMap<SeriesId, Column> {
    return new Map([...this.#columns].filter(([, { value }]) => value.some((x) => !Number.isNaN(x))));
  }

  /** Values in the engine's own precision: what it computed with. */
  array(values: Float64Array, ...shape: number[]): NpyArray {
    return { data: this.#run.landscape.device.precision === 'f32' ? Float32Array.from(values) : values, shape };
  }

  batches(): void {
    const { draws, step: steps } = this.#run;
    if (!draws) return;
    const bytes = 4 * steps * draws.size;
    if (bytes > MOST_BATCH_BYTES) {
      const size = `${Math.ceil(bytes / MEBIBYTE)} MiB, over ${MOST_BATCH_BYTES / MEBIBYTE}`;
      this.remarks.push({
        key: 'batch',
        message: `The batches of ${steps} steps would take ${size}: the arrays are without them.`,
      });
      return;
    }
    const data = new Uint32Array(steps * draws.size);
    for (let step = 0; step < steps; step++) draws.fill(step, data, step * draws.size);
    this.arrays.set('batches', { data, shape: [steps, draws.size] });
  }

  async snapshot({ step, spectrum }: Sample): Promise<void> {
    const theta = await this.#run.theta();
    this.fingerprints.set(step, fingerprint(theta, this.#run.landscape.device.precision));
    const { values, residuals, ritz, iterations, converged } = spectrum;
    this.spectra.push({
      step,
      values: [...values],
      residuals: [...residuals],
      ritz: [...ritz],
      method: 'lanczos',
      iterations,
      converged,
      seed: this.#seed,
    });
    if (!this.#plan.arrays) return;
    this.arrays.set(`theta_${step}`, this.array(theta, theta.length));
    const pairs = await this.#run.eigenvectors();
    if (!pairs) return;
    this.arrays.set(`eigenvalues_${step}`, { data: pairs.values, shape: [pairs.values.length] });
    this.arrays.set(`eigenvectors_${step}`, this.array(pairs.vectors, pairs.values.length, theta.length));
  }
}

/** Records a run. Throws an EdgescopeError where the problem, or what is to be kept of it, is too large. */
export async function record(
  options: Omit<RunOptions, 'onMarker'>,
  plan: RecordingPlan,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Recording> {
  const { dataset } = options;
  const experiment = { ...options.experiment, stop: plan.steps };
  const markers: RunMarker[] = [];
  const run = await Run.create({ ...options, experiment, onMarker: (marker) => markers.push(marker) });
  try {
    const { problem, device, dimension } = run.landscape;
    if (plan.arrays && plan.snapshots.length * (experiment.k + 1) * dimension * 8 > MOST_ARRAY_BYTES) {
      throw new EdgescopeError(
        'too-large',
        `${plan.snapshots.length} snapshots of ${dimension} parameters need over 1 GB: ask for fewer.`,
      );
    }
    const recorder = new Recorder(run, plan, experiment.k, experiment.seed);
    if (plan.arrays) {
      recorder.arrays.set('X', recorder.array(dataset.inputs, dataset.examples, dataset.inputWidth));
      recorder.arrays.set('Y', recorder.array(dataset.targets, dataset.examples, dataset.outputWidth));
    }
    await follow(run, plan, recorder, onProgress);
    if (plan.arrays) recorder.batches();
    if (run.divergedAt !== null) {
      const { value } = markers.find(({ kind }) => kind === 'divergence') ?? { value: NaN };
      recorder.add(run.divergedAt, new Map([['loss.train', value]]));
    }
    const { series, spectra, fingerprints, arrays } = recorder;
    const { changes, divergedAt } = run;
    const remarks = [...run.remarks, ...recorder.remarks];
    const { classes } = dataset;
    const parameters = dimension;
    return {
      record: runRecord({
        experiment,
        problem,
        device,
        classes,
        parameters,
        series,
        spectra,
        markers,
        changes,
        fingerprints,
        divergedAt,
        remarks,
      }),
      arrays,
    };
  } finally {
    run.dispose();
  }
}

/** Steps, measures and keeps until the last step or the divergence. */
async function follow(
  run: Run,
  { steps, every, snapshots }: RecordingPlan,
  recorder: Recorder,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const kept = new Set(snapshots);
  let last: Sample | null = null;
  while (run.divergedAt === null) {
    const { step } = run;
    if (step % every === 0 || kept.has(step)) {
      const sample = await run.measure();
      if (!sample) return;
      recorder.add(step, sample.values);
      if (kept.has(step)) await recorder.snapshot(sample);
      last = sample;
    }
    onProgress({ step, sample: last });
    if (step >= steps) return;
    const nextKept = snapshots.find((at) => at > step) ?? Infinity;
    const nextMeasured = step - (step % every) + every;
    await run.advance(Math.min(steps, nextKept, nextMeasured, step + SLICE) - step);
  }
}
