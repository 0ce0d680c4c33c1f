import { describe, expect, it } from 'vitest';
import { paceOptions } from './pace';

describe('speeds', () => {
  it('offers the present speed among the usual ones, in order', () => {
    expect(paceOptions(60).map((option) => option.pace)).toEqual([5, 20, 60, 200, 'max']);
    expect(paceOptions(30).map((option) => option.pace)).toEqual([5, 20, 30, 60, 200, 'max']);
    expect(paceOptions('max')).toHaveLength(5);
  });
});
