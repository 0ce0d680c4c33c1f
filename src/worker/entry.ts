/**
 * The worker: hears the page, makes engine, data and run, and lets a driver drive them. One run at a time; starting
 * another disposes the one before it. Everything that goes wrong reaches the page as a fault.
 */
import kernelsUrl from '../../build/kernels.wasm?url';
import { inspectCsv, loadCsv } from '../engine/data/csv';
import type { Dataset } from '../engine/data/dataset';
import { generate } from '../engine/data/generators';
import { previewOf } from '../engine/data/preview';
import { deterministicMath } from '../engine/deterministic';
import { chooseEngine, type Choice, type EngineMakers } from '../engine/landscape/choose';
import { compileKernels, createWasmEngine } from '../engine/landscape/wasm/engine';
import { Run } from '../engine/run';
import type { Experiment } from '../experiment/experiment';
import { EdgescopeError, faultFrom } from '../experiment/fault';
import { breather } from './breathe';
import { Driver } from './driver';
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

const kernels: Promise<WebAssembly.Module> = fetch(kernelsUrl)
  .then((response) => response.arrayBuffer())
  .then(compileKernels);
// Every start awaits it and reports; this keeps an early failure from being called unhandled before that.
kernels.catch(() => undefined);

const makers: EngineMakers = {
  wasm: async (precision) => createWasmEngine(await kernels, precision),
  webgpu: async () => {
    if (!navigator.gpu) return null;
    const { createWebGpuEngine } = await import('../engine/landscape/webgpu/engine');
    return createWebGpuEngine(navigator.gpu);
  },
};

let driver: Driver | null = null;
let release: () => void = () => undefined;
let latest = -1;
/** What the page said of the latest run while it was being made. */
let early: Exclude<ToWorker, { type: 'start' | 'inspect' }>[] = [];

/** The engine made last is kept while the same one is asked for again: a new run must not wait for a device. */
let made: { readonly key: string; readonly choice: Promise<Choice> } | null = null;

function engineFor({ engine, precision }: Experiment): Promise<Choice> {
  const key = `${engine} ${precision}`;
  if (made?.key === key) return made.choice;
  void made?.choice.then(
    ({ engine: old }) => old.dispose(),
    () => undefined,
  );
  made = { key, choice: chooseEngine(engine, precision, makers) };
  return made.choice;
}

function load(
  experiment: Experiment,
  file: DataFile | null,
  math: ReturnType<typeof deterministicMath>,
): { dataset: Dataset; summary: CsvSummary | null } {
  if (experiment.data !== 'csv') return { dataset: generate(experiment, math), summary: null };
  if (!file) throw new EdgescopeError('data', 'This experiment trains on a CSV file, and none was given.');
  return loadCsv(file, experiment, experiment.loss);
}

type Start = Extract<ToWorker, { type: 'start' }>;

async function start(message: Start): Promise<void> {
  const { run: id, experiment, file, resume } = message;
  latest = id;
  early = [];
  driver?.dispose();
  release();
  driver = null;
  if (message.protocol !== PROTOCOL_VERSION) {
    throw new EdgescopeError('protocol', 'The page and its worker are of different versions: reload the page.');
  }
  const math = deterministicMath(await kernels);
  const { dataset, summary } = load(experiment, file, math);
  const { engine, why } = await engineFor(experiment);
  const run = await Run.create(
    { experiment, dataset, engine, math, breathe: breather(now), onMarker: (marker) => mine.marker(marker) },
    resume,
  );
  if (latest !== id) {
    run.dispose();
    return;
  }
  const preview = previewOf(dataset);
  const mine: Driver = new Driver({
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
    breathe: breather(now),
  });
  driver = mine;
  release = () => run.dispose();

  const { network } = run.landscape.problem;
  const { device } = run.landscape;
  const refused = experiment.engine === 'webgpu' &&
    device.engine !== 'webgpu' && {
      key: 'engine',
      message: `WebGPU was asked for, but ${why}: the run is on WebAssembly.`,
    };
  const info: RunInfo = {
    engine: device.engine,
    device: device.name,
    precision: device.precision,
    deterministic: device.deterministic,
    why,
    parameters: run.landscape.dimension,
    sizes: network.sizes,
    examples: dataset.examples,
    remarks: refused ? [...run.remarks, refused] : run.remarks,
    preview,
    csv: summary,
  };
  post({ type: 'ready', run: id, info });
  void engine.lost.then((reason) => {
    made = null;
    if (latest === id) fail(id, new EdgescopeError('device-lost', `The GPU was lost: ${reason}`));
  });
  for (const missed of early) command(mine, missed);
  await mine.start();
}

function fail(run: number, thrown: unknown): void {
  if (run !== latest) return;
  latest = -1;
  driver?.dispose();
  driver = null;
  post({ type: 'failed', run, fault: faultFrom(thrown) });
}

function hear(message: ToWorker): void {
  switch (message.type) {
    case 'start':
      start(message).catch((thrown: unknown) => fail(message.run, thrown));
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
  if (driver) command(driver, message);
  else early.push(message);
}

function command(to: Driver, message: Exclude<ToWorker, { type: 'start' | 'inspect' }>): void {
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
