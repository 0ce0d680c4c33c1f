/** Remarks from the link and from the data side by side. */
import { describe, expect, it } from 'vitest';
import { largestBatch } from '../../experiment/batch';
import { decodeLink } from '../../experiment/link';
import { messagesOf } from './remarks';

const link = (query: string) => decodeLink(`#/?${query}`).remarks;

describe('remarks', () => {
  it('on the batch from the link and from the data stand side by side where they say two things', () => {
    const fromLink = link('data=csv&batch=64&file=a.csv&hash=de2bff183de9c6b1');
    const refusal = largestBatch(64, 40);
    expect(messagesOf(fromLink, [refusal])).toEqual(['batch is for mini-batches: opt=sgd is used.', refusal.message]);
  });

  it.each(['loss', 'engine'])('on %s from the data are not hidden by one of the link', (key) => {
    const messages = messagesOf(link(`${key}=x&${key}=y`), [{ key, message: 'A refusal.' }]);
    expect(messages).toHaveLength(3);
    expect(messages.at(-1)).toBe('A refusal.');
  });

  it('say once that a batch is too large, as it was asked for', () => {
    const fromLink = link('data=csv&opt=sgd&batch=20000&file=a.csv&hash=de2bff183de9c6b1');
    expect(messagesOf(fromLink, [largestBatch(10_000, 40)])).toEqual([
      expect.stringMatching(/^A batch of 20000 was asked for: the file allows/),
    ]);
  });

  it('are shown once where they are the same', () => {
    const remark = largestBatch(64, 40);
    expect(messagesOf([remark, remark], [remark])).toEqual([remark.message]);
  });
});
