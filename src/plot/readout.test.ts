import { describe, expect, it } from 'vitest';
import type { ChartModel } from './model';
import { readAt, spoken } from './readout';
import { FALLBACK_THEME } from './theme';

const VALUES: Record<string, Float64Array> = {
  a: Float64Array.of(5, 19.93, NaN),
  r: Float64Array.of(1e-4, 4e-4, NaN),
  limit: Float64Array.of(20, 20, 10),
};
const MODEL: ChartModel = {
  data: { length: 3, steps: Float64Array.of(0, 10, 20), column: (id) => VALUES[id] },
  lines: [
    {
      id: 'a',
      residual: 'r',
      symbol: 'λ₁',
      name: '',
      colour: 'lambda-1',
      weight: 1,
      dash: [],
      opacity: 1,
      swings: false,
    },
  ],
  level: { id: 'limit', symbol: '2/η', now: 10, preview: null, breaks: [] },
  markers: [],
  scale: 'linear',
  live: false,
};

describe('readAt', () => {
  it('reads the nearest sample, with bound and share of the level of that time', () => {
    const text = readAt(MODEL, 12, FALLBACK_THEME);
    expect(text?.title).toBe('step 10');
    expect(text?.rows[0]).toMatchObject({ symbol: '2/η', value: '20.00' });
    expect(text?.rows[1]).toMatchObject({ symbol: 'λ₁', value: '19.93', bound: '± 4e-4', share: '99.6\u202f%' });
    expect(text && spoken(text)).toBe('step 10: 2/η 20.00, λ₁ 19.93 plus or minus 4e-4 (99.6\u202f%)');
  });

  it('has a dash and no bound where nothing was measured', () => {
    expect(readAt(MODEL, 99, FALLBACK_THEME)?.rows[1]).toMatchObject({ value: '–', bound: '', share: '' });
  });

  it('reads nothing without samples', () => {
    const data = { length: 0, steps: new Float64Array(0), column: () => undefined };
    expect(readAt({ ...MODEL, data }, 0, FALLBACK_THEME)).toBeNull();
  });
});
