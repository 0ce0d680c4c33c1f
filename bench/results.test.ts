import { describe, expect, it } from 'vitest';
import type { Figure } from '../src/benchmark/report/subject';
import { finished, pathFor, resultsOf } from './results';

const figure = (patch: Partial<Figure>): Figure => ({
  problem: 'small',
  work: 'step',
  entrant: 'webgpu',
  ms: 12.34567,
  batches: 20,
  missing: null,
  note: null,
  ...patch,
});

describe('a run of the benchmark', () => {
  const lacking = (missing: Figure['missing'], note: string): Partial<Figure> => ({
    ms: null,
    batches: 0,
    missing,
    note,
  });
  const died = figure(lacking('failed', 'Chromium, or its page there, has died'));

  it('has finished the problems on which nobody failed', () => {
    const leftOut = figure({ problem: 'tiny', ...lacking('too long', 'whatever it says') });
    const noted = figure({ problem: 'tiny', note: 'wasm was its fastest backend' });
    expect(finished(['tiny', 'small'], [leftOut, noted, figure({})])).toEqual(['tiny', 'small']);
    expect(finished(['tiny', 'small'], [leftOut, figure({}), died])).toEqual(['tiny']);
    // Who could not be made ready has no work either.
    expect(finished(['small'], [figure({ work: null, ...lacking('failed', 'out of memory') })])).toEqual([]);
  });

  it('that is not complete does not take the place of one that is', () => {
    expect(pathFor('/bench/results.json', '/bench/results.json', true)).toBe('/bench/results.json');
    expect(pathFor('/bench/results.json', '/bench/results.json', false)).toBe('/bench/results.incomplete.json');
    expect(pathFor('/mine.json', '/bench/results.json', false)).toBe('/mine.json');
  });

  it('keeps what was measured before something died, and says what died', () => {
    const { ms, batches, notes, environment } = resultsOf({
      environment: { complete: false },
      started: [],
      figures: [
        figure({}),
        { ...died, work: 'hvp' },
        figure({ work: null, entrant: 'jax-js', ...lacking('failed', 'gone') }),
      ],
      memory: {},
      ratios: [],
    });
    expect(environment).toMatchObject({ complete: false });
    expect(ms).toEqual({ small: { step: { webgpu: 12.35 } } });
    expect(batches).toEqual({ small: { step: { webgpu: 20 } } });
    expect(notes).toEqual({
      'small.webgpu.hvp': 'Chromium, or its page there, has died',
      'small.jax-js': 'gone',
    });
  });
});
