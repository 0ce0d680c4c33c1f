/**
 * `run.json`, the written form of a run: `edgescope-run/1`. Everything that defines the run, everything measured of it,
 * and where each parameter lives in θ, so that anyone can rebuild the network and check a number. A value that does not
 * exist (NaN, ±∞) is null, and says why under `gaps`. The form is public: fields are added, never changed.
 */
import { batchFor } from '../../experiment/batch';
import { lambdaSeries, residualSeries, type SeriesId } from '../../experiment/catalogue';
import type { Change, Experiment, Remark } from '../../experiment/experiment';
import { encodeLink } from '../../experiment/link';
import type { Device, Problem } from '../landscape/landscape';
import { layout, type LayoutEntry } from '../network/layout';
import type { RunMarker } from '../run-options';

const RECORD_FORMAT = 'edgescope-run/1';

export interface Gap {
  readonly step: number;
  readonly reason: string;
}

export interface SeriesRecord {
  readonly step: readonly number[];
  readonly value: readonly (number | null)[];
  /** Why values are null; absent where none is. */
  readonly gaps?: readonly Gap[];
}

/** The spectrum at a snapshot. */
export interface SpectrumRecord {
  readonly step: number;
  /** Top k Ritz values, largest first, and the residual ‖Hv − λv‖ of each. */
  readonly values: readonly number[];
  readonly residuals: readonly number[];
  /** All Ritz values, largest first. */
  readonly ritz: readonly number[];
  readonly method: 'lanczos';
  readonly iterations: number;
  readonly converged: boolean;
  /** Seed of the start vector, with the step. */
  readonly seed: number;
}

export interface MarkerRecord {
  readonly kind: RunMarker['kind'];
  readonly step: number;
  readonly value: number | null;
  readonly band: number | null;
  /** Why the value is null. */
  readonly reason?: string;
}

export type EventRecord =
  | { readonly kind: 'change'; readonly step: number; readonly lr: number }
  | { readonly kind: 'divergence'; readonly step: number; readonly reason: string };

export interface RunRecord {
  readonly format: typeof RECORD_FORMAT;
  /** As it ran: the engine that ran, loss and batch after correction, `stop` the last step asked for. */
  readonly experiment: Experiment & { readonly weightDecay: number };
  readonly link: string;
  readonly engine: {
    readonly name: string;
    readonly device: string;
    readonly precision: string;
    readonly deterministic: boolean;
  };
  readonly network: {
    readonly sizes: readonly number[];
    readonly activation: string;
    readonly parametrisation: 'standard';
    readonly parameters: number;
    readonly layout: readonly LayoutEntry[];
  };
  readonly loss: 'mse' | 'cross-entropy';
  readonly data: {
    readonly examples: number;
    readonly inputs: number;
    readonly outputs: number;
    readonly classes: number;
  };
  readonly series: Readonly<Record<string, SeriesRecord>>;
  readonly spectra: readonly SpectrumRecord[];
  readonly markers: readonly MarkerRecord[];
  /** Steps of which θ is kept (`theta_<step>` in run.npz). */
  readonly snapshots: readonly number[];
  /** SHA-256 of the bytes of θ, in the engine's precision, little-endian, at each snapshot. */
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly events: readonly EventRecord[];
  /** Settings corrected because of the data, and arrays left out for their size. */
  readonly remarks: readonly Remark[];
}

/** What the one who ran it knows. */
export interface RecordParts {
  readonly experiment: Experiment;
  readonly problem: Problem;
  readonly device: Device;
  readonly classes: number;
  readonly parameters: number;
  readonly series: ReadonlyMap<SeriesId, { readonly step: ArrayLike<number>; readonly value: ArrayLike<number> }>;
  readonly spectra: readonly SpectrumRecord[];
  readonly markers: readonly RunMarker[];
  readonly changes: readonly Change[];
  readonly fingerprints: ReadonlyMap<number, string>;
  readonly divergedAt: number | null;
  readonly remarks: readonly Remark[];
}

/** Series that are measured with k tracked eigenvalues, in the order they are written. */
export function measurableSeries(k: number): SeriesId[] {
  const lambdas = Array.from({ length: k }, (_, i) => lambdaSeries(i + 1));
  return [
    'loss.train',
    'gradient.norm',
    'threshold',
    ...lambdas.flatMap((id) => [id, residualSeries(id)]),
    'hessian.midpoint.lambda1',
    'hessian.midpoint.lambda1.residual',
  ];
}

/** Columns as a series; what is not finite becomes null with its reason. */
export function seriesRecord(
  step: ArrayLike<number>,
  value: ArrayLike<number>,
  reason: (step: number) => string,
): SeriesRecord {
  const steps = Array.from(step);
  const values = Array.from(value, (x) => (Number.isFinite(x) ? x : null));
  const gaps = steps.filter((_, i) => values[i] === null).map((at) => ({ step: at, reason: reason(at) }));
  return gaps.length === 0 ? { step: steps, value: values } : { step: steps, value: values, gaps };
}

function markerRecord({ kind, step, value, band }: RunMarker): MarkerRecord {
  if (Number.isFinite(value)) return { kind, step, value, band };
  return { kind, step, value: null, band, reason: 'the value is not finite' };
}

const DIVERGED = 'the run diverged: its loss or its curvature left all bounds';

/** The record of a run. */
export function runRecord(parts: RecordParts): RunRecord {
  const { problem, device, divergedAt } = parts;
  const { network, loss, examples } = problem;
  const experiment: Experiment = {
    ...parts.experiment,
    loss,
    batch: parts.experiment.opt === 'sgd' ? batchFor(parts.experiment, examples) : parts.experiment.batch,
    at: parts.changes,
    engine: device.engine,
    precision: device.precision,
  };
  const reason = (step: number): string =>
    divergedAt !== null && step >= divergedAt ? DIVERGED : 'not measured at this step';
  const series: Record<string, SeriesRecord> = {};
  for (const [id, { step, value }] of parts.series) series[id] = seriesRecord(step, value, reason);
  const changes = parts.changes.map(({ step, lr }) => ({ kind: 'change', step, lr }) as const);
  const passed = changes.filter(({ step }) => step <= (divergedAt ?? experiment.stop));

  return {
    format: RECORD_FORMAT,
    experiment: { ...experiment, weightDecay: 0 },
    link: encodeLink(experiment),
    engine: {
      name: device.engine,
      device: device.name,
      precision: device.precision,
      deterministic: device.deterministic,
    },
    network: {
      sizes: network.sizes,
      activation: network.activation,
      parametrisation: 'standard',
      parameters: parts.parameters,
      layout: layout(network),
    },
    loss: loss === 'ce' ? 'cross-entropy' : 'mse',
    data: {
      examples,
      inputs: network.sizes[0],
      outputs: network.sizes[network.sizes.length - 1],
      classes: parts.classes,
    },
    series,
    spectra: parts.spectra,
    markers: parts.markers.map(markerRecord),
    snapshots: [...parts.fingerprints.keys()],
    fingerprints: Object.fromEntries(parts.fingerprints),
    events: divergedAt === null ? passed : [...passed, { kind: 'divergence', step: divergedAt, reason: DIVERGED }],
    remarks: parts.remarks,
  };
}
