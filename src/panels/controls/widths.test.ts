import { describe, expect, it } from 'vitest';
import { MOST_HIDDEN_LAYERS } from '../../experiment/schema';
import { readWidths, widthsText, withLayer, withoutLayer } from './widths';

describe('hidden widths', () => {
  it.each([
    ['32-32', [32, 32]],
    [' 64, 32 ,16 ', [64, 32, 16]],
    ['32 x 32', [32, 32]],
    ['8 8', [8, 8]],
    ['128', [128]],
    ['0', []],
    ['', []],
    ['none', []],
  ])('reads %j', (text, widths) => {
    expect(readWidths(text)).toEqual({ widths });
  });

  it.each(['32--32', 'a-b', '32-', '0-32', '32.5', '5000', '-32', Array(9).fill('4').join('-')])(
    'answers %j with one sentence',
    (text) => {
      expect(readWidths(text)).toEqual({ message: expect.stringMatching(/^Hidden widths must be .+\.$/) });
    },
  );

  it('writes what it reads', () => {
    for (const widths of [[], [32], [32, 16, 8]]) expect(readWidths(widthsText(widths))).toEqual({ widths });
  });

  it('adds and takes away layers within the limits', () => {
    expect(withLayer([64, 16])).toEqual([64, 16, 16]);
    expect(withLayer([])).toEqual([32]);
    expect(withLayer(Array(MOST_HIDDEN_LAYERS).fill(4))).toBeNull();
    expect(withoutLayer([64, 16])).toEqual([64]);
    expect(withoutLayer([])).toBeNull();
  });
});
