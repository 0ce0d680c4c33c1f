/** The driver on a clock of its own and a small real run. */
import { describe, expect, it } from 'vitest';
import { previewOf } from '../engine/data/preview';
import { generate } from '../engine/data/generators';
import { SMALL, begin, goOn, math } from '../engine/run.testing';
import type { Experiment, Pace } from '../experiment/experiment';
import { Driver } from './driver';
import type { FromWorker } from './protocol';

type Of<T extends FromWorker['type']> = Extract<FromWorker, { type: T }>;

/** A turn of the event loop. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class Bench {
  clock = 0;
  readonly posted: FromWorker[] = [];
  driver!: Driver;
  ended!: Promise<void>;

  static async of(
    patch: Partial<Experiment>,
    options: { pace?: Pace; play?: boolean; credits?: number } = {},
  ): Promise<Bench> {
    const bench = new Bench();
    const experiment = { ...SMALL, stop: 100, ...patch };
    const { run, markers } = await begin(experiment);
    let told = 0;
    bench.driver = new Driver({
      id: 7,
      run,
      preview: previewOf(generate(experiment, math)),
      pace: options.pace ?? 'max',
      play: options.play ?? true,
      every: experiment.every,
      stop: experiment.stop,
      post: (message, transfer = []) => {
        while (told < markers.length) bench.driver.marker(markers[told++]);
        bench.posted.push(structuredClone(message, { transfer }));
      },
      now: () => bench.clock,
      sleep: async (ms) => {
        await turn();
        bench.clock += ms + 0.01; // a timer is never early
      },
      breathe: turn,
    });
    bench.driver.credit(options.credits ?? 1e9);
    bench.ended = bench.driver.start();
    return bench;
  }

  of<T extends FromWorker['type']>(type: T): Of<T>[] {
    return this.posted.filter((message): message is Of<T> => message.type === type);
  }
  get frames(): Of<'frame'>['frame'][] {
    return this.of('frame').map(({ frame }) => frame);
  }
  get last(): Of<'frame'>['frame'] {
    const frame = this.frames.at(-1);
    if (!frame) throw new Error('no frame yet');
    return frame;
  }
  get steps(): number[] {
    return this.frames.flatMap(({ steps }) => [...steps]);
  }
  async until(test: () => boolean): Promise<void> {
    for (let i = 0; i < 20_000; i++) {
      if (test()) return;
      await turn();
    }
    throw new Error('this never came');
  }
  async quiet(): Promise<void> {
    for (let i = 0; i < 50; i++) await turn();
  }
  status(status: string): Promise<void> {
    return this.until(() => this.frames.at(-1)?.status === status);
  }
  async end(): Promise<void> {
    this.driver.dispose();
    await this.ended;
  }
}

const range = (from: number, to: number, by = 1): number[] =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);

describe('Driver', () => {
  it('measures every step at 60 steps a second where that is cheap, and rests at the stop', async () => {
    const bench = await Bench.of({ stop: 50 }, { pace: 60 });
    await bench.status('resting');
    expect(bench.steps).toEqual(range(0, 50));
    expect(bench.last).toMatchObject({ status: 'resting', step: 50, cadence: 1, stepsPerSecond: 0, lr: 0.4 });
    expect(bench.clock).toBeGreaterThan((49 * 1000) / 60);
    expect(bench.clock).toBeLessThan((52 * 1000) / 60);
    await bench.quiet();
    expect(bench.steps).toHaveLength(51);
    await bench.end();
  });

  it('measures at multiples of `every`, and at the stop', async () => {
    const bench = await Bench.of({ every: 7, stop: 30 });
    await bench.status('resting');
    expect(bench.steps).toEqual([0, 7, 14, 21, 28, 30]);
    await bench.end();
  });

  it('never sends more frames than it holds credits for, and loses no sample for it', async () => {
    const bench = await Bench.of({ stop: 5000 }, { pace: 60, credits: 0 });
    await bench.until(() => bench.clock > 300);
    expect(bench.frames).toHaveLength(0);
    let granted = 0;
    for (const credits of [1, 2, 1]) {
      bench.driver.credit(credits);
      granted += credits;
      await bench.until(() => bench.frames.length === granted);
      await bench.quiet();
      expect(bench.frames).toHaveLength(granted);
    }
    bench.driver.pause();
    await bench.until(() => bench.of('checkpoint').length > 0);
    await bench.quiet();
    expect(bench.frames).toHaveLength(granted);
    bench.driver.credit(3);
    await bench.status('paused');
    await bench.quiet();
    expect(bench.frames).toHaveLength(granted + 1);
    expect(bench.steps).toEqual(range(0, bench.last.step));
    await bench.end();
  });

  it('waits where it is told not to play, with the first sample and outputs to show', async () => {
    const bench = await Bench.of({}, { play: false });
    await bench.quiet();
    expect(bench.frames).toHaveLength(1);
    expect(bench.last).toMatchObject({ status: 'paused', step: 0 });
    expect(bench.last.outputs).toMatchObject({ step: 0, width: 1 });
    expect(bench.last.outputs?.values.length).toBe(64 * 64);
    bench.driver.play();
    await bench.status('resting');
    await bench.end();
  });

  it('pauses, steps one by one, and plays on', async () => {
    const bench = await Bench.of({ stop: 200 }, { pace: 100 });
    await bench.until(() => bench.clock > 200);
    bench.driver.pause();
    await bench.status('paused');
    await bench.quiet();
    const at = bench.last.step;
    expect(at).toBeGreaterThan(5);
    expect(at).toBeLessThan(60);
    expect(bench.of('checkpoint').at(-1)?.checkpoint.step).toBe(at);
    bench.driver.step();
    bench.driver.step();
    await bench.until(() => bench.last.step === at + 2);
    await bench.quiet();
    expect(bench.last).toMatchObject({ status: 'paused', step: at + 2, stepsPerSecond: 0 });
    bench.clock += 60_000;
    bench.driver.play();
    await bench.status('resting');
    expect(bench.steps).toEqual(range(0, 200));
    await bench.end();
  });

  it('does not make up for time in which nobody drove it', async () => {
    const bench = await Bench.of({ stop: 5000, every: 1 }, { pace: 60 });
    await bench.until(() => (bench.frames.at(-1)?.step ?? 0) >= 5);
    const { step } = bench.last;
    const before = bench.clock;
    bench.clock += 60_000;
    await bench.until(() => bench.clock > before + 60_500);
    expect(bench.last.step).toBeLessThan(step + 60);
    await bench.end();
  });

  it('changes pace while it runs', async () => {
    const bench = await Bench.of({ stop: 300 }, { pace: 10 });
    await bench.until(() => bench.clock > 1000);
    expect(bench.last.step).toBeLessThanOrEqual(11);
    bench.driver.setPace('max');
    const before = bench.clock;
    await bench.status('resting');
    expect(bench.clock - before).toBeLessThan(200);
    await bench.end();
  });

  it('confirms a change at its step, and an undo with what was on record', async () => {
    const at = [{ step: 60, lr: 0.3 }];
    const truth = await begin({ ...SMALL, at });
    await goOn(truth, 100, 0);
    const bench = await Bench.of({ at }, { pace: 60 });
    await bench.until(() => bench.frames.length > 20);
    bench.driver.change(0.1);
    await bench.until(() => bench.of('changed').length === 1);
    const { change, run } = bench.of('changed')[0];
    expect([change.lr, run]).toEqual([0.1, 7]);
    await bench.until(() => bench.last.step > change.step + 5);
    expect(bench.last.lr).toBe(0.1);
    expect(bench.frames.flatMap(({ markers }) => markers).filter(({ kind }) => kind === 'change')).toEqual([
      { kind: 'change', step: change.step, value: 0.1, band: null },
    ]);
    bench.driver.undo();
    await bench.until(() => bench.of('rewound').length === 1);
    expect(bench.of('rewound')[0]).toMatchObject({ run: 7, step: change.step, changes: at });
    await bench.status('paused');
    expect(bench.last).toMatchObject({ step: change.step, lr: 0.4 });
    expect([...bench.last.steps]).toEqual([change.step]);
    expect(bench.of('checkpoint').at(-1)?.checkpoint).toMatchObject({ step: change.step, changes: at });
    bench.driver.play();
    await bench.status('resting');
    bench.driver.pause();
    await bench.until(() => bench.of('checkpoint').at(-1)?.checkpoint.step === 100);
    expect(bench.of('checkpoint').at(-1)?.checkpoint.theta).toEqual(await truth.run.theta());
    await bench.end();
  });

  it('says that it diverged, keeps quiet, and comes back by undo', async () => {
    const bench = await Bench.of({ lr: 2 });
    await bench.status('diverged');
    expect(bench.last).toMatchObject({ step: 6, stepsPerSecond: 0 });
    bench.driver.play();
    bench.driver.step();
    bench.driver.change(0.1);
    await bench.quiet();
    expect(bench.last.status).toBe('diverged');
    expect(bench.of('changed')).toHaveLength(0);
    expect(bench.of('checkpoint').every(({ checkpoint }) => checkpoint.theta.every(Number.isFinite))).toBe(true);
    bench.driver.undo();
    await bench.status('paused');
    expect(bench.of('rewound')[0]).toMatchObject({ step: 0, changes: [] });
    expect(bench.last.step).toBe(0);
    await bench.end();
  });

  it('ignores an undo where there is nothing to go back to', async () => {
    const bench = await Bench.of({}, { play: false });
    bench.driver.undo();
    await bench.quiet();
    expect(bench.of('rewound')).toHaveLength(0);
    await bench.end();
  });

  it('takes a new stop and a new cadence while it runs, and goes on after resting', async () => {
    const bench = await Bench.of({ stop: 20, every: 5 });
    await bench.status('resting');
    bench.driver.play();
    await bench.quiet();
    expect(bench.last).toMatchObject({ status: 'resting', step: 20 });
    bench.driver.setEvery(10);
    bench.driver.setStop(45);
    await bench.status('paused');
    bench.driver.play();
    await bench.status('resting');
    expect(bench.steps).toEqual([0, 5, 10, 15, 20, 30, 40, 45]);
    await bench.end();
  });

  it('takes no step beyond the stop, until there is another one', async () => {
    const bench = await Bench.of({ stop: 10 });
    await bench.status('resting');
    bench.driver.step();
    await bench.quiet();
    expect(bench.last).toMatchObject({ step: 10, status: 'resting' });
    bench.driver.setStop(11);
    bench.driver.step();
    await bench.until(() => bench.last.step === 11);
    expect(bench.last.status).toBe('resting');
    await bench.end();
  });

  it('hands out checkpoints from which the run goes on bit for bit', async () => {
    const bench = await Bench.of({ stop: 37 });
    await bench.status('resting');
    const { checkpoint } = bench.of('checkpoint').at(-1) as Of<'checkpoint'>;
    await bench.end();
    const truth = await begin(SMALL);
    await goOn(truth, 90, 1);
    const resumed = await begin(SMALL, checkpoint);
    await goOn(resumed, 90, 1);
    expect(await resumed.run.theta()).toEqual(await truth.run.theta());
  });

  it('ends when it is disposed of, resting or running', async () => {
    for (const play of [true, false]) {
      const bench = await Bench.of({ stop: 1_000_000 }, { play, pace: 60 });
      await bench.until(() => bench.frames.length > 0);
      await bench.end();
      const { length } = bench.posted;
      bench.driver.play();
      bench.driver.credit(1);
      await bench.quiet();
      expect(bench.posted).toHaveLength(length);
    }
  });
});
