import { describe, expect, it } from 'vitest';
import { ratiosOf } from './ratios';
import type { EntrantId, Figure, ProblemId, Work } from './subject';
import { ratiosText, reportText, significant, tablesOf, tableText } from './text';

function figure(work: Work | null, entrant: EntrantId, ms: number | null, note: string | null = null): Figure {
  const [batches, missing] = ms === null ? ([0, 'failed'] as const) : ([20, null] as const);
  return { problem: 'tiny' satisfies ProblemId, work, entrant, ms, batches, missing, note };
}

/** The ratios by their keys, as results.json keeps them. */
const byKey = (figures: readonly Figure[]) =>
  Object.fromEntries(ratiosOf(figures).map(({ key, value }) => [key, value]));

describe('ratiosOf', () => {
  it('says how many times faster than each peer, under the keys of the design', () => {
    const ratios = byKey([
      figure('step', 'wasm', 0.05),
      figure('step', 'webgpu', 1),
      figure('step', 'pytorch', 0.2),
      figure('step', 'jax-js', 1.5, 'its fastest backend here, wasm'),
    ]);
    expect(ratios).toEqual({
      'tiny.wasm.step/pytorch': 4,
      'tiny.wasm.step/jax-js': 30,
      'tiny.webgpu.step/pytorch': 0.2,
      'tiny.webgpu.step/jax-js': 1.5,
    });
  });

  it("compares our product with each of the peers' ways to it", () => {
    const ratios = byKey([
      figure('hvp', 'wasm', 2),
      figure('hvp', 'pytorch', 6),
      figure('hvp-kept', 'pytorch', 4),
      figure('hvp', 'tfjs-webgpu', 200),
      figure('hvp-r', 'tfjs-webgpu', 100),
    ]);
    expect(ratios).toEqual({
      'tiny.wasm.hvp/pytorch': 3,
      'tiny.wasm.hvp/tfjs-webgpu': 100,
      'tiny.wasm.hvp-kept/pytorch': 2,
      'tiny.wasm.hvp-r/tfjs-webgpu': 50,
    });
  });

  it('gives the cost of a product in gradients, and of lanes in single runs', () => {
    const ratios = byKey([
      figure('gradient', 'webgpu', 4),
      figure('hvp', 'webgpu', 6),
      figure('step', 'webgpu', 5),
      figure('step.lanes16', 'webgpu', 40),
      figure('hvp.lanes4', 'webgpu', 12),
    ]);
    expect(ratios).toEqual({
      'tiny.webgpu.hvp/gradient': 1.5,
      'tiny.webgpu.step.lanes16': 8,
      'tiny.webgpu.hvp.lanes4': 2,
    });
  });

  it('says in words what the number means', () => {
    const figures = [figure('hvp', 'wasm', 2), figure('gradient', 'wasm', 1), figure('hvp', 'jax-js', 6)];
    expect(ratiosOf(figures).map(({ engine, words, value }) => [engine, words, value])).toEqual([
      ['wasm', 'Hessian-vector product: times as fast as jax-js', 3],
      ['wasm', 'cost of a product, in gradients (less is better)', 2],
    ]);
  });

  it('leaves out what has no figure, keeps problems apart and three digits', () => {
    const other = { ...figure('step', 'pytorch', 3), problem: 'small' as const };
    expect(ratiosOf([figure('step', 'wasm', 1), other, figure('step', 'jax-js', null, 'failed')])).toEqual([]);
    expect(byKey([figure('step', 'wasm', 3), figure('step', 'pytorch', 1)])).toEqual({
      'tiny.wasm.step/pytorch': 0.333,
    });
  });
});

describe('significant', () => {
  it.each([
    [20881, '20900'],
    [1234567, '1230000'],
    [999.6, '1000'],
    [314.15, '314'],
    [3.14159, '3.14'],
    [0.020512, '0.0205'],
  ])('%f reads %s', (value, text) => expect(significant(value)).toBe(text));
});

describe('tables', () => {
  const figures = [
    figure('hvp', 'pytorch', 0.5),
    figure('step', 'pytorch', 0.2),
    figure('step', 'wasm', 0.05),
    figure('step', 'jax-js', 2, 'its fastest backend here, wasm'),
    figure('hvp', 'jax-js', null, 'out of memory'),
  ];

  it('orders works and entrants, whatever the order of the figures', () => {
    const [table] = tablesOf(figures);
    expect(table.entrants).toEqual(['wasm', 'pytorch', 'jax-js']);
    expect(table.rows.map(({ work }) => work)).toEqual(['step', 'hvp']);
    expect(table.rows[1].cells[0]).toBeNull();
  });

  it('writes repetitions a second in aligned columns, and notes below', () => {
    expect(tableText(tablesOf(figures)[0]).split('\n')).toEqual([
      'tiny (2-32-32-1, n = 200), how many a second',
      '                         wasm  pytorch  jax-js',
      'gradient descent step   20000     5000     500',
      'Hessian-vector product            2000       –',
      'jax-js: its fastest backend here, wasm (step)',
      'jax-js: out of memory (hvp)',
    ]);
  });

  it('has nothing in any row of who could not be made ready, and says why once', () => {
    const [table] = tablesOf([...figures, figure(null, 'tfjs-webgpu', null, 'no adapter')]);
    expect(table.rows.map(({ cells }) => cells[2]?.note)).toEqual(['no adapter', 'no adapter']);
    expect(table.notes).toContain('tfjs-webgpu: no adapter');
  });

  it('puts aims beside the ratios that have one', () => {
    const text = ratiosText(ratiosOf(figures), ({ key }) => (key.endsWith('/pytorch') ? '≥ 3' : ''));
    expect(text.split('\n').slice(1)).toEqual([
      '                              aim',
      'tiny.wasm.step/pytorch  4.00  ≥ 3',
      'tiny.wasm.step/jax-js   40.0',
    ]);
  });

  it('makes one text of environment, tables and ratios', () => {
    const text = reportText({ cores: 2, browser: 'Firefox 140' }, figures);
    expect(text.startsWith('Edgescope benchmark\ncores: 2\nbrowser: Firefox 140\n\ntiny (')).toBe(true);
    expect(text).toMatch(/\ntiny\.wasm\.step\/pytorch +4\.00\n/);
    expect(text).toContain(ratiosText(ratiosOf(figures)));
    expect(text).toMatch(/\nHessian-vector product: .* linearised at θ/);
  });
});
