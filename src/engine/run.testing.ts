/** Test support: runs on the real WASM engine. */
import type { Experiment } from '../experiment/experiment';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import { generate } from './data/generators';
import { deterministicMath } from './deterministic';
import { fingerprint } from './fingerprint';
import type { Sample } from './instruments/meter';
import { createWasmEngine } from './landscape/wasm/engine';
import { readKernels } from './landscape/wasm/node';
import { Run } from './run';
import type { Resume, RunMarker, RunOptions } from './run-options';

const module = await readKernels();
export const math = deterministicMath(module);

/** A network small enough to be measured at every step: P = 205, at the edge of η = 0.4 after 32 steps. */
export const SMALL: Experiment = { ...DEFAULT_EXPERIMENT, net: [12, 12], n: 40, lr: 0.4 };

export interface Trial {
  readonly run: Run;
  readonly markers: RunMarker[];
  readonly samples: Sample[];
}

export async function begin(
  experiment: Experiment,
  resume: Resume | null = null,
  driven: Pick<RunOptions, 'breathe' | 'urgent'> = {},
): Promise<Trial> {
  const engine = await createWasmEngine(module, experiment.precision);
  const markers: RunMarker[] = [];
  const options = { experiment, dataset: generate(experiment, math), engine, math, ...driven };
  const run = await Run.create({ ...options, onMarker: (marker) => markers.push(marker) }, resume);
  return { run, markers, samples: [] };
}

/** Goes on to step `to`, measuring where it stands and then every `every` steps (0: never). */
export async function goOn({ run, samples }: Trial, to: number, every: number): Promise<void> {
  const measure = async (): Promise<void> => {
    const sample = every > 0 ? await run.measure() : null;
    if (sample) samples.push(sample);
  };
  await measure();
  while (run.step < to && run.divergedAt === null) {
    await run.advance(Math.min(every || to, to - run.step));
    if (run.divergedAt === null) await measure();
  }
}

/** A run taken to step `to`, measured every `every` steps (0: never). */
export async function trial(experiment: Experiment, to: number, every: number): Promise<Trial> {
  const result = await begin(experiment);
  await goOn(result, to, every);
  return result;
}

/** The fingerprint of θ where a run stands. */
export async function fingerprintOf(run: Run): Promise<string> {
  return fingerprint(await run.theta(), run.landscape.device.precision);
}
