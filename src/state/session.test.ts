/** What the controls call: link, stores and run in step, changes of η, crashes. */
import { describe, expect, it, vi } from 'vitest';
import type { CsvSummary, RunInfo } from '../worker/protocol';
import { FakeWorker, frame, open } from './session.testing';

describe('session', () => {
  it('starts what the link says and returns a credit for every frame painted', async () => {
    const page = await open('#/?lr=0.3&seed=4&pace=max');
    expect(page.worker().start).toMatchObject({
      pace: 'max',
      play: true,
      resume: null,
      experiment: { lr: 0.3, seed: 4 },
    });
    page.worker().say({ type: 'frame', run: page.worker().run, frame: frame([0, 1]) });
    expect(page.worker().heard.at(-1)).toEqual({ type: 'credit', run: page.worker().run, frames: 1 });
    expect(page.run()).toMatchObject({ phase: 'running', step: 1 });
    expect(page.run().table.length).toBe(2);
  });

  it('knows what is still to come before the run is made, and anew after a crash', async () => {
    const page = await open('');
    const { run } = page.worker();
    expect(page.run()).toMatchObject({ starting: 'choice', info: null });
    page.worker().say({ type: 'chosen', run, engine: 'webgpu' });
    expect(page.run()).toMatchObject({ starting: 'webgpu', info: null });
    const info = { remarks: [], examples: 200, csv: null } as unknown as RunInfo;
    page.worker().say({ type: 'ready', run, info });
    expect(page.run()).toMatchObject({ starting: null, info });
    page.worker().break('x');
    expect(page.run()).toMatchObject({ starting: 'choice', phase: 'loading' });
    page.session.newSeed();
    expect(page.run()).toMatchObject({ starting: 'choice', info: null });
  });

  it('waits on a poster where the link says so', async () => {
    const page = await open('#/?play=0');
    expect(page.worker().start.play).toBe(false);
    page.worker().say({ type: 'frame', run: page.worker().run, frame: frame([0], { status: 'paused' }) });
    expect(page.run().phase).toBe('poster');
    page.session.toggle();
    expect(page.worker().heard.at(-1)).toMatchObject({ type: 'play' });
  });

  it('puts a confirmed change on record in the link, and takes it off when it is undone', async () => {
    const page = await open('#/?at=900:lr=0.2');
    const { worker } = page;
    worker().say({ type: 'frame', run: worker().run, frame: frame([0, 1, 2, 3]) });
    page.session.changeLr(0.4);
    expect(worker().heard.at(-1)).toMatchObject({ type: 'change', lr: 0.4 });
    worker().say({ type: 'changed', run: worker().run, change: { step: 3, lr: 0.4 } });
    vi.advanceTimersByTime(400);
    expect(page.location.hash).toBe('#/?v=1&at=3:lr=0.4');
    worker().say({ type: 'rewound', run: worker().run, step: 3, changes: [{ step: 900, lr: 0.2 }] });
    vi.advanceTimersByTime(400);
    expect(page.location.hash).toBe('#/?v=1&at=900:lr=0.2');
    expect([...page.run().table.steps]).toEqual([0, 1, 2]);
  });

  it('takes η before the first step for the experiment’s own', async () => {
    const page = await open('');
    page.worker().say({ type: 'frame', run: page.worker().run, frame: frame([0], { status: 'paused' }) });
    page.session.changeLr(5000);
    expect(page.worker().start.experiment).toMatchObject({ lr: 1000, at: [] });
  });

  it('validates what the controls set, and brings another data set’s own defaults', async () => {
    const page = await open('');
    page.session.set({ data: 'blobs' });
    expect(page.experiment()).toMatchObject({ data: 'blobs', n: 128, noise: 0 });
    page.session.set({ n: 1e9, k: NaN });
    expect(page.experiment()).toMatchObject({ n: 20_000, k: 3 });
    vi.advanceTimersByTime(400);
    expect(page.location.hash).toBe('#/?v=1&data=blobs&n=20000');
  });

  it('goes on from rest for as many steps again, and from a divergence to the last good state', async () => {
    const page = await open('#/?stop=100');
    const { run } = page.worker();
    page.worker().say({ type: 'frame', run, frame: frame([99, 100], { status: 'resting' }) });
    page.session.toggle();
    expect(page.worker().heard.slice(-2)).toEqual([
      { type: 'stop', run, stop: 200 },
      { type: 'play', run },
    ]);
    page.worker().say({ type: 'frame', run, frame: frame([150], { status: 'diverged' }) });
    page.session.toggle();
    expect(page.worker().heard.at(-1)).toEqual({ type: 'undo', run });
    page.session.changeLr(0.05);
    expect(page.worker().heard.slice(-2)).toEqual([
      { type: 'undo', run },
      { type: 'change', run, lr: 0.05 },
    ]);
  });

  it('keeps what is paused paused, through new settings and through a crash', async () => {
    const page = await open('');
    const first = page.worker();
    first.say({ type: 'frame', run: first.run, frame: frame([0, 1, 2]) });
    page.session.pause();
    page.session.set({ seed: 2 });
    expect(page.worker().start.play).toBe(false);
    page.worker().break('x');
    expect(page.worker()).not.toBe(first);
    expect(page.worker().start.play).toBe(false);
    page.session.play();
    page.session.newSeed();
    expect(page.worker().start).toMatchObject({ play: true, experiment: { seed: 3 } });
  });

  it('takes strokes in quick succession for one change of η', async () => {
    const page = await open('');
    const { run } = page.worker();
    page.worker().say({ type: 'frame', run, frame: frame([0, 1, 2]) });
    for (let i = 0; i < 3; i++) {
      page.session.nudgeLr(2);
      vi.advanceTimersByTime(50);
    }
    expect(page.run().previewLr).toBe(0.8);
    vi.advanceTimersByTime(300);
    expect(page.worker().heard.filter(({ type }) => type === 'change')).toEqual([{ type: 'change', run, lr: 0.8 }]);
  });

  it('takes no more changes of η than a link can hold', async () => {
    const at = Array.from({ length: 100 }, (_, i) => `${i + 1}:lr=0.${i + 10}`).join(';');
    const page = await open(`#/?at=${at}`);
    page.worker().say({ type: 'frame', run: page.worker().run, frame: frame([300]) });
    page.session.changeLr(0.5);
    expect(page.worker().heard.some(({ type }) => type === 'change')).toBe(false);
    expect(page.run().notice).toMatch(/at most 100 changes/);
  });

  it('says what the data made of the loss', async () => {
    const page = await open('#/?data=blobs&loss=ce');
    const info = { remarks: [{ key: 'loss', message: 'half-MSE is used' }], csv: null } as unknown as RunInfo;
    page.worker().say({ type: 'ready', run: page.worker().run, info });
    expect(page.experiment().loss).toBe('mse');
  });

  it('says what the data made of the batch', async () => {
    const page = await open('#/?opt=sgd&batch=64');
    const info = { remarks: [{ key: 'batch', message: 'all' }], examples: 40, csv: null } as unknown as RunInfo;
    page.worker().say({ type: 'ready', run: page.worker().run, info });
    expect(page.experiment()).toMatchObject({ opt: 'sgd', batch: 40 });
  });

  it('starts anew with another optimiser or batch, and drops the batch with gradient descent', async () => {
    const page = await open('');
    const { run } = page.worker();
    page.session.set({ opt: 'sgd', batch: 8 });
    expect(page.worker().run).not.toBe(run);
    expect(page.worker().start.experiment).toMatchObject({ opt: 'sgd', batch: 8, sampling: 'epochs' });
    expect(page.session.link()).toContain('#/?v=1&opt=sgd&batch=8');
    page.session.set({ opt: 'gd' });
    expect(page.worker().start.experiment).toMatchObject({ opt: 'gd', batch: null });
    expect(page.session.link()).not.toMatch(/opt|batch/);
  });

  it('comes back to the batches it had, where they fit and nobody says otherwise', async () => {
    const page = await open('#/?opt=sgd&batch=8&sampling=replacement');
    const there = (patch: object) => {
      page.session.set(patch);
      page.session.set({ opt: 'sgd' });
      return page.experiment();
    };
    expect(there({ opt: 'gd' })).toMatchObject({ batch: 8, sampling: 'replacement' });
    expect(there({ opt: 'gd' })).toMatchObject({ batch: 8, sampling: 'replacement' });
    page.session.set({ opt: 'gd' });
    expect(there({ n: 7 })).toMatchObject({ batch: null, sampling: 'replacement' });
    expect(page.remarks()).toEqual([]);
    expect(there({ opt: 'gd', batch: null, sampling: 'epochs' })).toMatchObject({ batch: null, sampling: 'epochs' });
    page.session.set({ batch: 4 });
    page.session.set({ opt: 'gd' });
    page.navigate('#/?seed=2');
    expect(there({ opt: 'gd' })).toMatchObject({ batch: null });
  });

  it('shows the mended link in the address, and keeps the remark', async () => {
    const faulty = '#/?v=1&opt=sgd&batch=900&colour=red';
    const page = await open(faulty);
    expect(page.remarks()).toEqual(['colour', 'batch']);
    expect(page.location.hash).toBe(faulty);
    vi.advanceTimersByTime(400);
    expect(page.location.hash).toBe('#/?v=1&opt=sgd&batch=200');
    expect(page.remarks()).toEqual(['colour', 'batch']);
  });

  it('leaves a link without a fault as it was written, and one that it may not have understood', async () => {
    for (const link of ['#/?seed=1&lr=0.2', '#/?v=2&lr=0.3&opt=adam&beta=0.9', `#/?lr=0.3&${'x'.repeat(8000)}=1`]) {
      const page = await open(link);
      vi.advanceTimersByTime(400);
      expect(page.location.hash).toBe(link);
    }
  });

  it('keeps the remarks on a link when only the run under way is told of a change', async () => {
    const page = await open('#/?lr=0&seed=3');
    page.session.set({ stop: 100 });
    expect(page.remarks()).toEqual(['lr']);
    page.session.set({ seed: 4 });
    expect(page.remarks()).toEqual([]);
  });

  it('has no change in the address that the new run does not have', async () => {
    const page = await open('#/?at=900:lr=0.2');
    page.worker().say({ type: 'changed', run: page.worker().run, change: { step: 72, lr: 0.12 } });
    page.session.set({ seed: 5 });
    vi.advanceTimersByTime(400);
    expect(page.location.hash).toBe('#/?v=1&seed=5&at=900:lr=0.2');
    expect(page.worker().start.experiment.at).toEqual([{ step: 900, lr: 0.2 }]);
  });

  it('keeps the remarks on a link when the data decide on more', async () => {
    const page = await open(`#/?data=csv&opt=sgd&batch=64&file=a.csv&hash=${'ab'.repeat(8)}&colour=red`);
    const given = { name: 'a.csv', arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) } as unknown as File;
    await page.session.openFile(given);
    page.worker().say({ type: 'inspected', request: 1, result: { hash: 'ab'.repeat(32) } as unknown as CsvSummary });
    const info = { remarks: [{ key: 'batch', message: 'all' }], examples: 40, csv: null } as unknown as RunInfo;
    page.worker().say({ type: 'ready', run: page.worker().run, info });
    expect(page.experiment().batch).toBe(40);
    expect(page.remarks()).toEqual(['colour']);
    vi.advanceTimersByTime(400);
    expect(page.location.hash).toContain('batch=40');
  });

  it('does not start anew for settings that apply to the run under way', async () => {
    const page = await open('');
    const { run } = page.worker();
    page.session.set({ every: 5 });
    page.session.set({ every: null });
    page.session.set({ stop: 100 });
    expect(page.worker().run).toBe(run);
    expect(page.worker().heard.slice(-3)).toEqual([
      { type: 'every', run, every: 5 },
      { type: 'every', run, every: null },
      { type: 'stop', run, stop: 100 },
    ]);
  });

  it('reads a link that is navigated to', async () => {
    const page = await open('');
    page.session.set({ seed: 2 });
    page.navigate('#/?seed=9');
    expect(page.worker().start.experiment.seed).toBe(9);
  });

  it('brings a run back after a crash from its last checkpoint, three times in a row', async () => {
    const page = await open('');
    const checkpoint = {
      step: 2,
      theta: Float64Array.from([1]),
      changes: [],
      edge: { started: true, below: true, reached: false },
    };
    const first = page.worker();
    first.say({ type: 'frame', run: first.run, frame: frame([0, 1, 2, 3]) });
    first.say({ type: 'checkpoint', run: first.run, checkpoint });
    for (let crash = 1; crash <= 3; crash++) {
      page.worker().onerror?.({ message: 'boom' });
      expect(FakeWorker.all).toHaveLength(crash + 1);
      expect(page.worker().start).toMatchObject({ play: true, resume: { step: 2 } });
      expect([...page.run().table.steps]).toEqual([0, 1]);
      expect(page.run().notice).toBe('The worker stopped: boom. The run goes on from step 2.');
    }
    page.worker().onerror?.({ message: 'boom' });
    expect(page.run()).toMatchObject({ phase: 'failed', fault: { code: 'internal' } });
  });

  it('returns to the link’s own changes on reset', async () => {
    const page = await open('#/?at=900:lr=0.2');
    const { worker } = page;
    worker().say({ type: 'frame', run: worker().run, frame: frame([0, 1]) });
    worker().say({ type: 'changed', run: worker().run, change: { step: 1, lr: 0.4 } });
    page.session.reset();
    expect(worker().start.experiment.at).toEqual([{ step: 900, lr: 0.2 }]);
    expect(page.run().table.length).toBe(0);
  });
});
