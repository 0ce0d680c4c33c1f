import { describe, expect, it } from 'vitest';
import type { ChartModel, Columns } from './model';
import { csvOf, tableOf } from './table';

function model(length: number): ChartModel {
  const steps = Float64Array.from({ length }, (_, i) => 2 * i);
  const columns: Record<string, Float64Array> = {
    a: steps.map((step) => (step === 2 ? NaN : step / 3)),
    'a.residual': steps.map(() => 3e-4),
    limit: steps.map(() => 20),
  };
  const data: Columns = { length, steps, column: (id) => columns[id] };
  const line = { name: 'A', colour: 'loss', weight: 1, dash: [], opacity: 1, swings: false } as const;
  return {
    data,
    lines: [
      { ...line, id: 'a', residual: 'a.residual', symbol: 'A' },
      { ...line, id: 'missing', residual: null, symbol: 'M' },
    ],
    level: { id: 'limit', symbol: '2/η', now: 20, preview: null, breaks: [] },
    markers: [],
    scale: 'linear',
    live: false,
  };
}

describe('tableOf', () => {
  it('has every row of a short run, with a dash where nothing was measured', () => {
    const { head, rows, caption } = tableOf(model(3), 'step');
    expect(head).toEqual(['step', '2/η', 'A', '± A']);
    expect(rows).toEqual([
      ['0', '20.000', '0.0000', '3e-4'],
      ['2', '20.000', '–', '3e-4'],
      ['4', '20.000', '1.3333', '3e-4'],
    ]);
    expect(caption).toBe('3 samples.');
  });

  it('thins a long run evenly and keeps its last sample', () => {
    const { rows, caption } = tableOf(model(5000), 'step');
    expect(rows.length).toBeLessThanOrEqual(200);
    expect(rows.at(-1)?.[0]).toBe('9998');
    expect(caption).toContain('One in 25');
  });

  it('stands without samples', () => {
    expect(tableOf(model(0), 'step').rows).toEqual([]);
  });
});

describe('csvOf', () => {
  it('has every sample at full precision and empty fields for what was not measured', () => {
    const lines = csvOf(model(3)).split('\r\n');
    expect(lines).toEqual(['step,limit,a,a.residual', '0,20,0,0.0003', '2,20,,0.0003', `4,20,${4 / 3},0.0003`, '']);
  });
});
