/** The reader's own file: asked for by a link, opened, and crossed by other files and links. */
import { describe, expect, it } from 'vitest';
import type { CsvSummary, RunInfo } from '../worker/protocol';
import { FakeWorker, frame, open } from './session.testing';

describe('a file of the reader’s own', () => {
  const summary = (digit: string) => ({ hash: digit.repeat(64) }) as unknown as CsvSummary;
  const named = (name: string, bytes: Promise<ArrayBuffer> = Promise.resolve(new ArrayBuffer(1))) =>
    ({ name, arrayBuffer: () => bytes }) as unknown as File;

  function deferred() {
    let reject!: (reason: Error) => void;
    const promise = new Promise<ArrayBuffer>((_, refuse) => (reject = refuse));
    return { promise, reject };
  }

  it('asks for the file that a link trains on', async () => {
    const page = await open('#/?data=csv&file=a.csv');
    expect(page.run().phase).toBe('file-wanted');
    expect(FakeWorker.all).toHaveLength(0);
  });

  it('ends the run before when it asks for a file', async () => {
    const page = await open('#/?opt=sgd&batch=150');
    const { run } = page.worker();
    page.navigate('#/?data=csv&file=a.csv&opt=sgd&batch=300');
    expect(page.worker().heard.at(-1)).toMatchObject({ type: 'end' });
    page.worker().say({ type: 'frame', run, frame: frame([0, 1]) });
    page.worker().say({ type: 'ready', run, info: { remarks: [], examples: 200, csv: null } as unknown as RunInfo });
    expect(page.run()).toMatchObject({ phase: 'file-wanted', info: null });
    expect(page.experiment().batch).toBe(300);
  });

  it('is the last one chosen, whichever is read first', async () => {
    const page = await open('');
    const { promise, reject } = deferred();
    const first = page.session.openFile(named('first.csv', promise));
    await page.session.openFile(named('second.csv'));
    reject(new Error('gone'));
    await first;
    expect(page.worker().heard.filter(({ type }) => type === 'inspect')).toHaveLength(1);
    page.worker().say({ type: 'inspected', request: 1, result: summary('b') });
    expect(page.experiment()).toMatchObject({ data: 'csv', file: 'second.csv', hash: 'b'.repeat(16) });
  });

  it('does not take the place of a link that was opened meanwhile', async () => {
    const page = await open('');
    await page.session.openFile(named('mine.csv'));
    page.navigate('#/?seed=7&lr=0.3');
    page.worker().say({ type: 'inspected', request: 1, result: summary('b') });
    expect(page.experiment()).toMatchObject({ data: 'spirals', seed: 7, lr: 0.3 });
  });

  it('is read as the link says where the link asked for one, with a hash or without, and another one is not', async () => {
    const page = await open('#/?data=csv&file=a.csv&target=1&at=30:lr=0.05');
    await page.session.openFile(named('a.csv'));
    page.worker().say({ type: 'inspected', request: 1, result: summary('a') });
    expect(page.experiment()).toMatchObject({ target: '1', at: [{ step: 30, lr: 0.05 }] });
    await page.session.openFile(named('b.csv'));
    page.worker().say({ type: 'inspected', request: 2, result: summary('b') });
    expect(page.experiment()).toMatchObject({ file: 'b.csv', target: '', at: [] });
  });
});
