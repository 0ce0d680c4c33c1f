import { describe, expect, it, vi } from 'vitest';
import { Alignment } from './frame';

describe('Alignment', () => {
  it('gives every chart the widest margins and says when they change', () => {
    const alignment = new Alignment();
    const changed = vi.fn();
    alignment.subscribe(changed);
    const [upper, lower] = [{}, {}];
    alignment.need(upper, { left: 30, right: 61 });
    alignment.need(lower, { left: 47, right: 20 });
    expect([alignment.left, alignment.right]).toEqual([48, 64]);
    alignment.need(upper, { left: 33, right: 58 });
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('shrinks only when much too wide', () => {
    const alignment = new Alignment();
    const [upper, lower] = [{}, {}];
    alignment.need(upper, { left: 80, right: 0 });
    alignment.need(upper, { left: 60, right: 0 });
    expect(alignment.left).toBe(80);
    alignment.need(lower, { left: 32, right: 0 });
    alignment.leave(upper);
    expect(alignment.left).toBe(32);
  });
});
