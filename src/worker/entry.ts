/**
 * The worker: hears the page, makes engine, data and run, and lets a driver drive them. One run at a time; starting
 * another disposes the one before it. Everything that goes wrong reaches the page as a fault.
 */
import { inspectCsv, loadCsv } from '../engine/data/csv';
import type { Dataset } from '../engine/data/dataset';
import { generate } from '../engine/data/generators';
import { previewOf } from '../engine/data/preview';
import { deterministicMath } from '../engine/deterministic';
import type { Choice } from '../engine/landscape/choose';
import { Run } from '../engine/run';
import { engineRefusal } from '../experiment/engines';
import type { Experiment } from '../experiment/experiment';
import { EdgescopeError, faultFrom, type FaultCode } from '../experiment/fault';
import { breather } from './breathe';
import { Driver } from './driver';
import { Engines } from './engines';
import { dropKernels, loadKernels } from './kernels';
import {
  PROTOCOL_VERSION,
  type CsvSummary,
  type DataFile,
  type FromWorker,
  type RunInfo,
  type ToWorker,
} from './protocol';

const HEARTBEAT_MS = 1000;

const post = (message: FromWorker, transfer: Transferable[] = []): void => {
  postMessage(message, { transfer });
};
const now = (): number => performance.now();
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Running {
  readonly driver: Driver;
  readonly run: Run;
  /** Settles when the driver has come to its end. */
  readonly ended: Promise<void>;
}

/** What is said of the run under way. */
type AboutRun = Exclude<ToWorker, { type: 'start' | 'end' | 'inspect' }>;

let running: Running | null = null;
let latest = -1;
/** What the page said of the latest run while it was being made. */
let early: AboutRun[] = [];

let ending: Promise<void> = Promise.resolve();

/**
 * Ends the present run: its memory is given back only when nothing of it is under way any more. Resolves when that is
 * so for every run there has been: until then nobody else may touch the engine.
 */
function endRun(): Promise<void> {
  const old = running;
  running = null;
  if (old) {
    old.driver.dispose();
    ending = Promise.all([ending, old.ended]).then(() => old.run.dispose());
  }
  return ending;
}

const engines = new Engines((run, reason) => {
  fail(run, new EdgescopeError('device-lost', 'The GPU was lost.', reason));
});

function load(
  experiment: Experiment,
  file: DataFile | null,
  math: ReturnType<typeof deterministicMath>,
): { dataset: Dataset; summary: CsvSummary | null } {
  if (experiment.data === 'csv' && file) return loadCsv(file, experiment, experiment.loss);
  return { dataset: generate(experiment, math), summary: null };
}

type Start = Extract<ToWorker, { type: 'start' }>;

async function start(message: Start): Promise<void> {
  const { run: id, experiment, file, resume } = message;
  latest = id;
  early = [];
  await endRun();
  if (message.protocol !== PROTOCOL_VERSION) {
    throw new EdgescopeError('protocol', 'The page and its worker are of different versions: reload the page.');
  }
  const math = deterministicMath(await loadKernels());
  // Whoever came later has the engine to itself.
  if (latest !== id) return;
  const { dataset, summary } = load(experiment, file, math);
  const choice = await engines.engineFor(experiment, id);
  if (latest !== id) return;
  post({ type: 'chosen', run: id, engine: choice.engine.device.engine });
  const breathe = breather(now);
  const run: Run = await Run.create(
    {
      experiment,
      dataset,
      engine: choice.engine,
      math,
      breathe,
      urgent: () => driver.urgent,
      onMarker: (marker) => driver.marker(marker),
    },
    resume,
  );
  if (latest !== id) {
    run.dispose();
    return;
  }
  const preview = previewOf(dataset);
  const driver: Driver = new Driver({
    id,
    run,
    preview,
    pace: message.pace,
    play: message.play,
    every: experiment.every,
    stop: experiment.stop,
    post,
    now,
    sleep,
    breathe,
  });
  post({ type: 'ready', run: id, info: infoOf(experiment, run, dataset, choice, preview, summary) });
  for (const missed of early) command(driver, missed);
  // Its end is awaited by whoever starts the next run; a failure is this one's to report.
  const ended = driver.start().catch((thrown: unknown) => fail(id, thrown));
  running = { driver, run, ended };
}

function infoOf(
  experiment: Experiment,
  run: Run,
  dataset: Dataset,
  { why, later }: Choice,
  preview: RunInfo['preview'],
  csv: RunInfo['csv'],
): RunInfo {
  const { device, problem, dimension } = run.landscape;
  const { engine: asked } = experiment;
  const refused = asked !== 'auto' && asked !== device.engine;
  const refusal = refused ? [engineRefusal(device.engine, asked, why, later !== null)] : [];
  return {
    engine: device.engine,
    device: device.name,
    precision: device.precision,
    deterministic: device.deterministic,
    why,
    passing: later !== null,
    parameters: dimension,
    sizes: problem.network.sizes,
    examples: dataset.examples,
    remarks: [...run.remarks, ...refusal],
    preview,
    csv,
  };
}

/** Faults after which an engine is not used again. */
const ENGINE_FAULTS: ReadonlySet<FaultCode> = new Set(['engine', 'no-engine', 'device-lost', 'too-large']);

/** The run is over for a fault. */
function fail(id: number, thrown: unknown): void {
  const fault = faultFrom(thrown);
  if (ENGINE_FAULTS.has(fault.code)) engines.drop(id);
  if (fault.code === 'no-engine') dropKernels();
  if (id !== latest) return;
  latest = -1;
  post({ type: 'failed', run: id, fault });
  void endRun();
}

function hear(message: ToWorker): void {
  switch (message.type) {
    case 'start':
      start(message).catch((thrown: unknown) => fail(message.run, thrown));
      return;
    case 'end':
      latest = message.run;
      early = [];
      void endRun();
      return;
    case 'inspect': {
      const { request, file, options } = message;
      let result;
      try {
        result = inspectCsv(file, options);
      } catch (thrown) {
        result = faultFrom(thrown);
      }
      post({ type: 'inspected', request, result });
      return;
    }
  }
  if (message.run !== latest) return;
  if (running) command(running.driver, message);
  else early.push(message);
}

function command(to: Driver, message: AboutRun): void {
  switch (message.type) {
    case 'play':
      return to.play();
    case 'pause':
      return to.pause();
    case 'step':
      return to.step();
    case 'pace':
      return to.setPace(message.pace);
    case 'every':
      return to.setEvery(message.every);
    case 'stop':
      return to.setStop(message.stop);
    case 'change':
      return to.change(message.lr);
    case 'undo':
      return to.undo();
    case 'credit':
      return to.credit(message.frames);
  }
}

let beat = now();
setInterval(() => {
  const late = now() - beat - HEARTBEAT_MS;
  beat = now();
  post({ type: 'heartbeat', busyMs: Math.max(0, late) });
}, HEARTBEAT_MS);

addEventListener('message', (event: MessageEvent<ToWorker>) => hear(event.data));
