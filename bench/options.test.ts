import { describe, expect, it } from 'vitest';
import { aimOf } from './bars';
import { optionsOf } from './options';

const options = (...args: string[]) => optionsOf(args, 'results.json');

describe('the options of the benchmark', () => {
  it('keep the figures of a full run, with or without the largest problem', () => {
    expect(options()).toEqual({ problems: ['tiny', 'small', 'medium'], quick: false, out: 'results.json' });
    expect(options('--paper')).toMatchObject({ problems: ['tiny', 'small', 'medium', 'paper'], out: 'results.json' });
  });

  it.each([
    [['--quick'], ['tiny', 'small', 'medium']],
    [
      ['--only', 'small', '--only', 'tiny'],
      ['tiny', 'small'],
    ],
    [
      ['--only', 'tiny', '--paper'],
      ['tiny', 'paper'],
    ],
    [['--only', 'paper'], ['paper']],
  ])('write nothing with %j, unless told where', (args, problems) => {
    expect(options(...args)).toMatchObject({ problems, out: null });
    expect(options(...args, '--out', 'mine.json').out).toBe('mine.json');
  });

  it.each([
    [['--only', 'tny'], /^There is no problem “tny”: --only takes tiny, small, medium, paper\.$/],
    [['--quik'], /--quik/],
    [['tiny'], /tiny/],
  ])('refuse %j', (args, reason) => expect(() => options(...args)).toThrow(reason));
});

describe('aims', () => {
  it('have the keys of ratios', () => {
    expect(aimOf('medium.wasm.step/pytorch')).toBe('≥ 0.28');
    expect(aimOf('tiny.webgpu.step.lanes16')).toBe('≤ 10');
    expect(aimOf('small.webgpu.step.lanes16')).toBe('');
  });
});
