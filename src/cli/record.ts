/** `edgescope record`: a link in, `run.json` and `run.npz` out, by the same engines as the page's. DESIGN §6. */
import { resolve } from 'node:path';
import { loadCsv } from '../engine/data/csv';
import { generate } from '../engine/data/generators';
import { deterministicMath } from '../engine/deterministic';
import { encodeNpz } from '../engine/export/npy';
import { measurableSeries, type RunRecord } from '../engine/export/record';
import { record, type RecordingPlan } from '../engine/export/recorder';
import type { Engine } from '../engine/landscape/landscape';
import { createWasmEngine } from '../engine/landscape/wasm/engine';
import { readKernels } from '../engine/landscape/wasm/node';
import type { SeriesId } from '../experiment/catalogue';
import type { Experiment } from '../experiment/experiment';
import { quote } from '../experiment/fields';
import { UsageError, type RecordCommand } from './args';
import { checkWritable, writeBytes } from './files';
import { progressBar } from './progress';
import { experimentFor } from './source';

const DEFAULT_EVERY = 5;

function seriesAsked(asked: readonly string[] | null, k: number): SeriesId[] | null {
  if (!asked) return null;
  const known = measurableSeries(k);
  const isKnown = (id: string): id is SeriesId => known.some((series) => series === id);
  const unknown = asked.find((id) => !isKnown(id));
  if (unknown !== undefined || asked.length === 0) {
    throw new UsageError(
      `--measure does not know ${quote(unknown ?? '')}; with k=${k} there are: ${known.join(', ')}.`,
    );
  }
  return asked.filter(isKnown);
}

function planFor(command: RecordCommand, experiment: Experiment): RecordingPlan {
  const { stop: steps } = experiment;
  const snapshots = command.snapshots ?? [0, steps];
  const beyond = snapshots.find((step) => step > steps);
  if (beyond !== undefined) throw new UsageError(`--snapshots asks for step ${beyond}, beyond the last step ${steps}.`);
  return {
    steps,
    every: experiment.every ?? DEFAULT_EVERY,
    snapshots,
    measure: seriesAsked(command.measure, experiment.k),
    arrays: true,
  };
}

async function checkPaths({ out, arrays, data }: RecordCommand): Promise<void> {
  if (resolve(out) === resolve(arrays)) throw new UsageError(`--out and --arrays are the same file, ${quote(out)}.`);
  if (data !== null && [out, arrays].some((path) => resolve(path) === resolve(data))) {
    throw new UsageError(`The data file ${quote(data)} would be overwritten.`);
  }
  await checkWritable(out);
  await checkWritable(arrays);
}

interface Outcome {
  readonly record: RunRecord;
  readonly seconds: number;
}

function lastValue({ series }: RunRecord, id: SeriesId): number | null {
  return series[id]?.value.findLast((value) => value !== null) ?? null;
}

/** One line for machines. */
function jsonLine({ out, arrays }: RecordCommand, { record: run, seconds }: Outcome): string {
  return JSON.stringify({
    out,
    arrays,
    link: run.link,
    engine: run.engine,
    steps: run.experiment.stop,
    seconds,
    loss: lastValue(run, 'loss.train'),
    sharpness: lastValue(run, 'hessian.lambda1'),
    markers: run.markers,
    snapshots: run.snapshots,
    fingerprints: run.fingerprints,
    events: run.events,
    remarks: run.remarks,
  });
}

/** A few lines for people. */
function textLines({ out, arrays }: RecordCommand, { record: run, seconds }: Outcome): string {
  const number = (value: number | null): string => (value === null ? 'not finite' : value.toPrecision(5));
  const lines = run.remarks.map(({ message }) => `Note: ${message}`);
  for (const { kind, step, value } of run.markers) lines.push(`${kind} at step ${step} (${number(value)})`);
  const { stop } = run.experiment;
  const divergence = run.events.find(({ kind }) => kind === 'divergence');
  const where = `on ${run.engine.device} in ${seconds.toFixed(1)} s`;
  const loss = lastValue(run, 'loss.train');
  const sharpness = lastValue(run, 'hessian.lambda1');
  const figures = [
    loss === null ? '' : `, loss ${number(loss)}`,
    sharpness === null ? '' : `, λ₁ ${number(sharpness)}`,
  ];
  lines.push(
    divergence
      ? `diverged at step ${divergence.step} of ${stop} ${where}`
      : `${stop} steps ${where}${figures.join('')}`,
  );
  lines.push(`wrote ${out} and ${arrays}, with snapshots at ${run.snapshots.join(', ')}`);
  return lines.join('\n');
}

async function engineFor({ engine, precision }: Experiment, kernels: WebAssembly.Module): Promise<Engine> {
  if (engine !== 'tensorflow') return createWasmEngine(kernels, precision);
  const { createTensorFlowEngine } = await import('../engine/landscape/tensorflow/engine');
  return createTensorFlowEngine({ backend: 'cpu', precision });
}

/** Carries the command out. Throws a UsageError or an EdgescopeError; writes nothing before the run is through. */
export async function runRecord(command: RecordCommand): Promise<void> {
  const { experiment, file } = await experimentFor(command);
  const plan = planFor(command, experiment);
  await checkPaths(command);

  const kernels = await readKernels();
  const math = deterministicMath(kernels);
  const dataset = file ? loadCsv(file, experiment, experiment.loss).dataset : generate(experiment, math);
  const engine = await engineFor(experiment, kernels);
  const now = (): number => performance.now();
  const bar = command.quiet ? null : progressBar(process.stderr, plan.steps, now);
  const start = now();
  const recording = await record({ experiment, dataset, engine, math }, plan, (progress) =>
    bar?.show(progress),
  ).finally(() => bar?.end());
  const outcome = { record: recording.record, seconds: (now() - start) / 1000 };

  await writeBytes(command.out, `${JSON.stringify(recording.record)}\n`);
  await writeBytes(command.arrays, encodeNpz(recording.arrays));
  if (command.json) process.stdout.write(`${jsonLine(command, outcome)}\n`);
  else if (!command.quiet) process.stdout.write(`${textLines(command, outcome)}\n`);
}
