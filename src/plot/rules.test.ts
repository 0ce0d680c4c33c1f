import { describe, expect, it } from 'vitest';
import { labelRules, type Rule } from './rules';

const widthOf = (text: string): number => 5 * text.length;
const rule = (x: number, label: string): Rule => ({ x, label, plural: 'changes' });
const label = (...rules: Rule[]): [string, number][] =>
  labelRules(rules, 0, 400, 4, widthOf).map(({ text, x }) => [text, x]);

describe('labelRules', () => {
  it('puts each label right of its rule where there is room', () => {
    expect(label(rule(50, 'a = 1'), rule(100, 'a = 2'))).toEqual([
      ['a = 2', 104],
      ['a = 1', 54],
    ]);
  });

  it('shows the last of a crowd, with a count', () => {
    expect(label(rule(20, 'a = 0'), rule(100, 'a = 1'), rule(110, 'a = 2'), rule(115, 'a = 3'))).toEqual([
      ['a = 3 (3 changes)', 119],
      ['a = 0', 24],
    ]);
  });

  it('goes to the left at the right rim, and takes rules along that stand there', () => {
    expect(label(rule(390, 'a = 1'))).toEqual([['a = 1', 361]]);
    const [[text, x]] = label(rule(370, 'a = 1'), rule(395, 'a = 2'));
    expect(text).toBe('a = 2 (2 changes)');
    expect(x + widthOf(text)).toBeLessThan(370);
  });

  it('never merges what has no plural', () => {
    const labels = labelRules([rule(100, 'a = 1'), { x: 110, label: 'end', plural: '' }], 0, 400, 4, widthOf);
    expect(labels.map(({ text }) => text)).toEqual(['end']);
  });
});
