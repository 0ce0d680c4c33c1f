/** The table of samples: columns that share their steps, grow, go back and never lose an extreme. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesId } from '../experiment/catalogue';
import { MOST_SAMPLES, SeriesTable } from './series';

const column = (...values: number[]): Float64Array => Float64Array.from(values);

/** A table of `length` rows in frames of 1000, with values from functions of the step. */
function filled(length: number, values: Partial<Record<SeriesId, (step: number) => number>>): SeriesTable {
  const table = new SeriesTable();
  for (let from = 0; from < length; from += 1000) {
    const steps = Float64Array.from({ length: Math.min(1000, length - from) }, (_, i) => from + i);
    table.append(steps, Object.fromEntries(Object.entries(values).map(([id, f]) => [id, steps.map(f)])));
  }
  return table;
}

describe('SeriesTable', () => {
  it('starts empty', () => {
    const table = new SeriesTable();
    expect([table.length, table.ids, table.column('loss.train')]).toEqual([0, [], undefined]);
    expect(table.last('loss.train')).toBeNaN();
    table.append(new Float64Array(), {});
    expect(table.length).toBe(0);
  });

  it('holds NaN where a series was not measured, before and after it was', () => {
    const table = new SeriesTable();
    table.append(column(0, 1), { 'loss.train': column(5, 4) });
    table.append(column(2), { 'gradient.norm': column(7) });
    table.append(column(3), { 'loss.train': column(3) });
    expect([...table.steps]).toEqual([0, 1, 2, 3]);
    expect([...(table.column('loss.train') ?? [])]).toEqual([5, 4, NaN, 3]);
    expect([...(table.column('gradient.norm') ?? [])]).toEqual([NaN, NaN, 7, NaN]);
    expect(table.last('loss.train')).toBe(3);
    expect(table.last('gradient.norm')).toBeNaN();
  });

  it('keeps every value as it grows past its first capacity', () => {
    const table = filled(5500, { 'loss.train': (step) => -step });
    expect(table.length).toBe(5500);
    expect(table.steps.every((step, i) => step === i)).toBe(true);
    expect(table.column('loss.train')?.every((value, i) => value === -i)).toBe(true);
  });

  it('goes back, and shows nothing of what it forgot', () => {
    const table = filled(20, { 'loss.train': (step) => step, 'gradient.norm': (step) => step });
    table.truncate(10);
    expect(table.length).toBe(10);
    expect(table.last('loss.train')).toBe(9);
    table.append(column(10), { 'loss.train': column(100) });
    expect(table.last('gradient.norm')).toBeNaN();
    table.truncate(0);
    expect([table.length, table.last('loss.train')]).toEqual([0, NaN]);
    table.truncate(0);
  });

  it('behaves like a plain list of rows under any sequence of appends and truncations', () => {
    const ids: SeriesId[] = ['loss.train', 'gradient.norm', 'hessian.lambda1'];
    const append = fc.record({ count: fc.integer({ min: 0, max: 700 }), present: fc.subarray(ids) });
    fc.assert(
      fc.property(fc.array(fc.oneof(append, fc.record({ truncate: fc.nat(2000) })), { maxLength: 12 }), (actions) => {
        const table = new SeriesTable();
        let rows: { step: number; values: Partial<Record<SeriesId, number>> }[] = [];
        let next = 0;
        for (const action of actions) {
          if ('truncate' in action) {
            table.truncate(action.truncate);
            rows = rows.filter(({ step }) => step < action.truncate);
            next = Math.min(next, action.truncate);
          } else {
            const steps = Float64Array.from({ length: action.count }, (_, i) => next + i);
            table.append(
              steps,
              Object.fromEntries(action.present.map((id, k) => [id, steps.map((step) => step * 10 + k)])),
            );
            for (const step of steps)
              rows.push({ step, values: Object.fromEntries(action.present.map((id, k) => [id, step * 10 + k])) });
            next += action.count;
          }
        }
        expect([...table.steps]).toEqual(rows.map(({ step }) => step));
        for (const id of table.ids)
          expect([...(table.column(id) ?? [])]).toEqual(rows.map(({ values }) => values[id] ?? NaN));
      }),
      { numRuns: 60 },
    );
  });
});

describe('thinning', () => {
  const noise = (step: number): number => (Math.sin(step * 12.9898) * 43758.5453) % 1;

  it('keeps within the cap, in order, and whole rows', () => {
    const table = filled(350_000, {
      'hessian.lambda1': noise,
      'loss.train': (step) => noise(step + 0.5),
      'gradient.norm': (step) => 3 * step,
    });
    expect(table.length).toBeLessThanOrEqual(MOST_SAMPLES);
    expect(table.length).toBeGreaterThan(MOST_SAMPLES / 4);
    const { steps } = table;
    expect(steps.every((step, i) => i === 0 || step > steps[i - 1])).toBe(true);
    expect(table.column('gradient.norm')?.every((value, i) => value === 3 * steps[i])).toBe(true);
  });

  it('never loses a spike, up or down, in λ₁ or the loss, nor the latest sample', () => {
    const spikes = new Map([
      [7, 1e9],
      [50_001, -1e9],
      [99_999, 2e9],
    ]);
    for (const id of ['hessian.lambda1', 'loss.train'] as const) {
      const other = id === 'loss.train' ? 'hessian.lambda1' : 'loss.train';
      const table = filled(300_000, { [id]: (step: number) => spikes.get(step) ?? noise(step), [other]: noise });
      const values = table.column(id);
      for (const [step, spike] of spikes) expect(values?.[table.steps.indexOf(step)]).toBe(spike);
      expect(table.steps.at(-1)).toBe(299_999);
      expect(table.last(id)).toBe(noise(299_999));
      expect(table.steps[0]).toBe(0);
    }
  });

  it('finds the spikes among gaps', () => {
    const gappy = (step: number): number =>
      step === 1003 ? 1e9 : step === 2005 ? -1e9 : step % 8 < 3 ? NaN : noise(step);
    const table = filled(101_000, { 'hessian.lambda1': gappy, 'loss.train': noise });
    expect(table.column('hessian.lambda1')?.[table.steps.indexOf(1003)]).toBe(1e9);
    expect(table.column('hessian.lambda1')?.[table.steps.indexOf(2005)]).toBe(-1e9);
  });

  it('keeps the latest sample at the very moment it thins', () => {
    const table = filled(MOST_SAMPLES, { 'hessian.lambda1': noise, 'loss.train': noise });
    for (let step = MOST_SAMPLES; step < MOST_SAMPLES + 50; step++) {
      table.append(column(step), { 'hessian.lambda1': column(0.01), 'loss.train': column(0.01) });
      expect(table.steps.at(-1)).toBe(step);
    }
  });

  it('does not empty a table that holds neither λ₁ nor a loss', () => {
    const table = filled(MOST_SAMPLES + 1000, { 'gradient.norm': (step) => step });
    expect(table.length).toBeGreaterThan(MOST_SAMPLES / 10);
    expect(table.length).toBeLessThanOrEqual(MOST_SAMPLES);
    expect(table.last('gradient.norm')).toBe(MOST_SAMPLES + 999);
  });
});
