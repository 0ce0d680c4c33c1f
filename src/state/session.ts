/**
 * What the controls call. The session owns the worker, keeps link, stores and run in step, and brings a run back after a
 * crash. Everything here is synchronous towards the page; answers arrive in the stores.
 */
import type { Experiment, Remark, View } from '../experiment/experiment';
import type { Fault } from '../experiment/fault';
import { decodeLink, encodeLink, readWhole } from '../experiment/link';
import { LR_BOUNDS, MOST_CHANGES, MOST_SEED, MOST_STEPS } from '../experiment/schema';
import { WorkerClient, type Command } from '../worker/client';
import type { Checkpoint, Frame, RunInfo } from '../worker/protocol';
import { address } from './address';
import { LastBatches } from './batches';
import { experimentStore } from './experiment';
import { OwnFile, type Accepted } from './file';
import { patchExperiment } from './patch';
import { appendFrame, csvStore, EMPTY_RUN, examplesOf, rewindRun, runStore } from './run';
import { SeriesTable } from './series';
import { cursorStore } from './view';

/** A page that is not painted takes a frame this often. */
const HIDDEN_MS = 250;
/** Strokes of a key this close together are one change of η. */
const STROKES_MS = 200;
/** Restarts after a crash before giving up; a checkpoint further on starts the count anew. */
const MOST_RESTARTS = 3;

let client: WorkerClient | null = null;
const file = new OwnFile();
/** The changes that the link came with: what a reset returns to. */
let recorded: Experiment['at'] = [];
let checkpoint: Checkpoint | null = null;
let restarts = 0;
let begun = false;
/** The reader has paused: what starts next waits too. */
let held = false;
/** Steps after which the run rests, as first asked for: going on from there takes as many again. */
let leg = 0;
const batches = new LastBatches();
let strokes: ReturnType<typeof setTimeout> | undefined;

const experiment = (): Experiment => experimentStore.getState().experiment;
const view = (): View => experimentStore.getState().view;

function worker(): WorkerClient {
  client ??= new WorkerClient(
    () => new Worker(new URL('../worker/entry.ts', import.meta.url), { type: 'module', name: 'edgescope' }),
    {
      chosen: (engine) => runStore.setState({ starting: engine }),
      ready: (info) => {
        runStore.setState({ info, starting: null });
        if (info.csv) csvStore.setState({ summary: info.csv });
        settleWith(info);
      },
      frame: receive,
      changed: (change) => {
        const earlier = runStore.getState().changes.filter((other) => other.step < change.step);
        setChanges([...earlier, change]);
        runStore.setState({ lr: change.lr, previewLr: null });
      },
      rewound: (step, changes) => {
        rewindRun(step);
        setChanges(changes);
      },
      checkpoint: (latest) => {
        checkpoint = latest;
        restarts = 0;
      },
      failed: (fault) => {
        if (fault.code === 'device-lost') restore(fault.message);
        else fail(fault);
      },
      inspected: (request, result) => {
        const accepted = file.inspected(request, result, experiment());
        if (accepted) runOn(accepted);
      },
      died: (reason) => restore(`The worker stopped: ${reason}.`),
    },
  );
  return client;
}

function fail(fault: Fault): void {
  runStore.setState({ phase: 'failed', fault });
}

function receive(frame: Frame): void {
  appendFrame(frame, begun);
  const { run } = runStore.getState();
  afterPaint(() => worker().drawn(run));
}

/** Once the page has been painted: a page that cannot keep up asks for less. A hidden one, which is not painted, waits. */
function afterPaint(then: () => void): void {
  let done = false;
  const once = (): void => {
    if (!done) then();
    done = true;
  };
  requestAnimationFrame(once);
  setTimeout(once, HIDDEN_MS);
}

function setChanges(changes: Experiment['at']): void {
  runStore.setState({ changes });
  experimentStore.setState({ experiment: { ...experiment(), at: changes } });
  writeLink();
}

/** A new run, from its first step. */
function restart(): void {
  checkpoint = null;
  restarts = 0;
  leg = experiment().stop;
  begin(null);
}

/** Hands the experiment to the worker, to be run from its first step or on from a checkpoint. */
function begin(resume: Checkpoint | null): void {
  const { data, at, lr } = experiment();
  const own = file.for(experiment());
  if (data === 'csv' && !own) {
    client?.end();
    runStore.setState({ ...EMPTY_RUN, table: new SeriesTable(), phase: 'file-wanted', lr });
    return;
  }
  const { pace } = view();
  begun ||= view().play;
  const play = begun && !held;
  if (!resume) {
    const version = runStore.getState().version + 1;
    runStore.setState({ ...EMPTY_RUN, table: new SeriesTable(), lr, changes: at, version });
    cursorStore.setState({ domain: null, cursor: null });
  }
  const run = worker().start({ experiment: experiment(), pace, play, file: own, resume });
  runStore.setState({ run });
}

/** After a crash or a lost device: on from the last checkpoint, at most so many times in a row. */
function restore(reason: string): void {
  file.abandon(reason);
  if (runStore.getState().phase === 'file-wanted') return;
  if (restarts >= MOST_RESTARTS) {
    fail({
      code: 'internal',
      message: `${reason} It did so ${restarts} times in a row; reload the page to try again.`,
    });
    return;
  }
  restarts++;
  const from = checkpoint?.step ?? 0;
  rewindRun(from);
  // A change confirmed after the last checkpoint died with the worker.
  setChanges(checkpoint?.changes ?? recorded);
  begin(checkpoint);
  runStore.setState({ notice: `${reason} The run goes on from step ${from}.`, phase: 'loading', starting: 'choice' });
}

function writeLink(): void {
  address.write(encodeLink(experiment(), view()));
}

function readLink(): void {
  const decoded = decodeLink(location.hash);
  experimentStore.setState(decoded);
  recorded = decoded.experiment.at;
  batches.forget();
  begun = false;
  held = false;
  file.expect(decoded.experiment);
  // What was mended is what runs, so it is what the address says; the remarks say what it was.
  if (decoded.remarks.length > 0 && readWhole(decoded)) writeLink();
  restart();
}

/** `said`: the remarks that stand beside those on the patch. */
function patched(patch: Partial<Experiment>, said: readonly Remark[] = []): void {
  const { experiment: next, remarks } = patchExperiment(experiment(), patch);
  experimentStore.setState({ experiment: next, remarks: [...said, ...remarks] });
  writeLink();
}

/** The data decided: the controls and the link say what is trained. Remarks on the link stay. */
function settleWith({ remarks, examples }: RunInfo): void {
  const { batch } = experiment();
  const patch: Partial<Experiment> = {
    ...(remarks.some(({ key }) => key === 'loss') && { loss: 'mse' }),
    ...(batch !== null && batch > examples && { batch: examples }),
  };
  if (Object.keys(patch).length > 0) patched(patch, experimentStore.getState().remarks);
}

/** A file was opened: at least as much of a wish to see it run as Play. */
function runOn({ keys, expected }: Accepted): void {
  begun = true;
  held = false;
  // Another file is another experiment: how the last one was read, and what was changed under way, is not its own.
  const afresh = { header: 'auto', target: '', task: 'auto', at: [] } as const;
  if (expected) patched(keys, experimentStore.getState().remarks);
  else {
    recorded = [];
    patched({ ...keys, ...afresh });
  }
  restart();
}

const send = (command: Command): void => worker().command(command);

/** Fields that apply to the run under way. */
const LIVE = new Set<keyof Experiment>(['every', 'stop']);

export const session = {
  /** Reads the link and starts; called once by the app. */
  start(): void {
    address.onForeign(readLink);
    readLink();
  },

  play(): void {
    begun = true;
    held = false;
    const { phase, step } = runStore.getState();
    if (phase === 'diverged') {
      session.undo();
      return;
    }
    if (phase === 'resting') session.set({ stop: Math.min(MOST_STEPS, step + leg) });
    send({ type: 'play' });
  },
  pause(): void {
    held = true;
    send({ type: 'pause' });
  },
  toggle(): void {
    if (runStore.getState().phase === 'running') session.pause();
    else session.play();
  },
  step(): void {
    begun = true;
    held = true;
    send({ type: 'step' });
  },

  /** Again from step 0 with the same seed; changes made by hand are forgotten, the link's own stay. */
  reset(): void {
    experimentStore.setState({ experiment: { ...experiment(), at: recorded } });
    writeLink();
    restart();
  },
  newSeed(): void {
    session.set({ seed: (experiment().seed + 1) % MOST_SEED });
  },

  /** Changes settings; the run starts anew unless all of them apply to the run under way. */
  set(patch: Partial<Experiment>): void {
    const keys = Object.keys(patch) as (keyof Experiment)[];
    const live = keys.every((key) => LIVE.has(key));
    if (!live) experimentStore.setState({ experiment: { ...experiment(), at: recorded } });
    const said = live ? experimentStore.getState().remarks : [];
    patched(batches.withBatches(experiment(), patch, examplesOf(runStore.getState(), experiment())), said);
    if (live) {
      if ('every' in patch) send({ type: 'every', every: experiment().every });
      if ('stop' in patch) send({ type: 'stop', stop: experiment().stop });
      return;
    }
    recorded = experiment().at;
    restart();
  },
  setView(patch: Partial<View>): void {
    experimentStore.setState({ view: { ...view(), ...patch } });
    if (patch.pace !== undefined) send({ type: 'pace', pace: patch.pace });
    writeLink();
  },

  previewLr(lr: number | null): void {
    runStore.setState({ previewLr: lr });
  },
  /**
   * Before the first step η is the experiment's own; after it, a change on record. A run that has diverged first goes
   * back to its last good state.
   */
  changeLr(lr: number): void {
    const clamped = Math.min(LR_BOUNDS[1], Math.max(LR_BOUNDS[0], lr));
    const { phase, step, lr: inForce, changes } = runStore.getState();
    const here = changes.findIndex((change) => change.step === step);
    const before = here > 0 ? changes[here - 1].lr : experiment().lr;
    if (clamped === inForce) session.previewLr(null);
    else if (here >= 0 && clamped === before && phase === 'paused') session.undo();
    else if (step === 0 || phase === 'failed') session.set({ lr: clamped, at: [] });
    else if (changes.length >= MOST_CHANGES) {
      session.previewLr(null);
      runStore.setState({ notice: `A run takes at most ${MOST_CHANGES} changes of η; press R to start it again.` });
    } else {
      if (phase === 'diverged') session.undo();
      send({ type: 'change', lr: clamped });
    }
  },
  /** η times a factor, from wherever it is about to be: strokes in quick succession are one change. */
  nudgeLr(factor: number): void {
    const { lr, previewLr } = runStore.getState();
    const target = Number(((previewLr ?? (Number.isFinite(lr) ? lr : experiment().lr)) * factor).toPrecision(4));
    session.previewLr(Math.min(LR_BOUNDS[1], Math.max(LR_BOUNDS[0], target)));
    clearTimeout(strokes);
    strokes = setTimeout(() => session.changeLr(target), STROKES_MS);
  },
  undo(): void {
    send({ type: 'undo' });
  },

  /** Looks into a CSV file and, if it can be used, trains on it. */
  openFile(chosen: File): Promise<void> {
    return file.open(chosen, experiment, (given, options) => worker().inspect(given, options));
  },

  /** The address of exactly this run: the engine that ran and every change are in it. */
  link(): string {
    const { info, changes } = runStore.getState();
    const exact: Experiment = { ...experiment(), at: changes, engine: info?.engine ?? experiment().engine };
    return new URL(encodeLink(exact, view()), location.href).href;
  },
};
