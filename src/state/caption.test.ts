/** The live caption: what it says in each phase. */
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../experiment/experiment';
import { DEFAULT_EXPERIMENT } from '../experiment/schema';
import type { Marker } from '../worker/protocol';
import { announcement, caption, digits, steadySharpness } from './caption';
import { EMPTY_RUN, type RunState } from './run';
import { SeriesTable } from './series';

/** A run whose samples have these midpoint sharpnesses, against the threshold 20. */
function state(patch: Partial<RunState>, sharpness: readonly number[] = []): RunState {
  const table = new SeriesTable();
  const middle = Float64Array.from(sharpness);
  table.append(
    middle.map((_, i) => i),
    {
      'hessian.midpoint.lambda1': middle,
      'hessian.lambda1': middle.map((x) => 1.03 * x),
      threshold: middle.map(() => 20),
    },
  );
  return { ...EMPTY_RUN, table, phase: 'running', lr: 0.1, step: sharpness.length, ...patch };
}
const say = (patch: Partial<RunState>, sharpness?: readonly number[]): string =>
  caption(state(patch, sharpness), DEFAULT_EXPERIMENT);
const edge = (step: number): Marker => ({ kind: 'edge-reached', step, value: 20.1, band: 0.01 });
const change = (step: number): Marker => ({ kind: 'change', step, value: 0.2, band: null });

describe('caption', () => {
  it('waits while there is nothing to say', () => {
    expect(say({ phase: 'loading', starting: null }, [5])).toBe('Measuring the sharpness…');
    expect(say({ phase: 'running', starting: null })).toBe('Measuring the sharpness…');
  });

  it('says what is being done on the way there, and names no engine before it is chosen', () => {
    const asked = (engine: Experiment['engine']): string =>
      caption(state({ phase: 'loading' }), { ...DEFAULT_EXPERIMENT, engine });
    expect(asked('auto')).toBe('Choosing the engine…');
    expect(asked('webgpu')).toBe('Starting WebGPU…');
    expect(say({ phase: 'loading', starting: 'webgpu' })).toBe('Compiling the WebGPU kernels…');
    expect(say({ phase: 'loading', starting: 'tensorflow' })).toBe('Setting up the run on TensorFlow.js…');
  });

  it('says what failed, and which file is wanted', () => {
    expect(say({ phase: 'failed', fault: { code: 'data', message: 'Row 3 is empty.' } })).toBe('Row 3 is empty.');
    expect(say({ phase: 'failed' })).toBe('Something went wrong.');
    expect(caption(state({ phase: 'file-wanted' }), { ...DEFAULT_EXPERIMENT, file: 'a.csv' })).toBe(
      'This link trains on the file “a.csv”: drop it here or choose it.',
    );
  });

  it('tells progressive sharpening from standing still', () => {
    expect(say({}, [8, 9, 10])).toBe('λ₁ mid = 10 = 50 % of 2/η: rising (progressive sharpening).');
    expect(say({}, [10, 10, 10])).toBe('λ₁ mid = 10 = 50 % of 2/η: stable, below the edge.');
    expect(say({}, [10])).toBe('λ₁ mid = 10 = 50 % of 2/η: stable, below the edge.');
  });

  it('says since when the run is at the edge', () => {
    expect(say({ markers: [edge(214)] }, [15, 19.9])).toBe('λ₁ mid = 19.9 = 99 % of 2/η: at the edge since step 214.');
    expect(say({ markers: [edge(214)] }, [15, 21.9])).toContain('at the edge since step 214');
    expect(say({ markers: [edge(214)] }, [19, 15])).toBe(
      'λ₁ mid = 15 = 75 % of 2/η: swinging about the edge it reached at step 214.',
    );
    expect(say({ markers: [edge(214)] }, [19, 25])).toBe(
      'λ₁ mid = 25 = 125 % of 2/η: swinging about the edge it reached at step 214.',
    );
  });

  it('forgets the edge of the η before the last change', () => {
    expect(say({ markers: [edge(50), change(100)] }, [10, 10, 10])).toContain('stable, below the edge');
    expect(say({ markers: [edge(50), change(100), edge(130)] }, [10, 19.5])).toContain('at the edge since step 130');
  });

  it('says that the run starts beyond, rests, or diverged', () => {
    expect(say({}, [30])).toBe('λ₁ mid = 30 = 150 % of 2/η: beyond the edge, where a quadratic would diverge.');
    expect(say({ phase: 'resting', step: 5000, markers: [edge(151)] }, [20])).toBe(
      'λ₁ mid = 20 = 100 % of 2/η: at the edge since step 151. Resting at step 5000.',
    );
    expect(
      say({ phase: 'diverged', lr: 2, markers: [{ kind: 'divergence', step: 6, value: null, band: null }] }, [5]),
    ).toBe('Diverged at step 6: η = 2 was too large here.');
  });
});

describe('caption of mini-batches', () => {
  const sgd = { ...DEFAULT_EXPERIMENT, opt: 'sgd' } as const;
  const noisy = (from: number, to: number): number[] =>
    Array.from({ length: 40 }, (_, i) => from + ((to - from) * i) / 39 + 2 * Math.sin(9.7 * i * i));

  it('measures λ₁ against the threshold of the full batch', () => {
    expect(caption(state({}, [10, 10, 10]), sgd)).toBe('λ₁ mid = 10 = 50 % of the full-batch 2/η: below the edge.');
    expect(caption(state({}, [19]), sgd)).toContain(': near the edge of the full batch.');
    expect(caption(state({}, [30]), sgd)).toContain(': beyond the edge, where a quadratic would diverge.');
  });

  it('takes noise neither for a rise nor for the edge', () => {
    for (const flat of [noisy(10, 10), noisy(11, 9)])
      expect(announcement(state({}, flat), sgd)).toBe('Sharpness below the edge, as is usual with mini-batches.');
    expect(announcement(state({}, noisy(6, 14)), sgd)).toBe('Sharpness rising (progressive sharpening).');
  });

  it('remembers that the edge was reached, and names no step that noise has picked', () => {
    expect(announcement(state({ markers: [edge(3)] }, noisy(11, 11)), sgd)).toBe(
      'Sharpness below the edge of the full batch, which it has reached before.',
    );
    expect(announcement(state({ markers: [edge(3)] }, noisy(6, 14)), sgd)).not.toContain('rising');
    expect(announcement(state({ markers: [edge(3), change(20)] }, noisy(11, 11)), sgd)).toContain('as is usual');
  });

  it('is that of gradient descent where a batch is all examples', () => {
    expect(caption(state({ markers: [edge(214)] }, [15, 19.9]), { ...sgd, batch: 200 })).toBe(
      'λ₁ mid = 19.9 = 99 % of the full-batch 2/η: at the edge since step 214.',
    );
  });
});

describe('caption of a file of few rows', () => {
  const csv = { ...DEFAULT_EXPERIMENT, data: 'csv', n: 10_000, opt: 'sgd', batch: 40 } as const;
  const run = (examples: number): RunState => {
    const info = { examples } as unknown as RunState['info'];
    return state({ info, markers: [edge(214)] }, [15, 19.9]);
  };

  it('is that of gradient descent where the batch is all of them', () => {
    expect(announcement(run(40), csv)).toBe('Sharpness at the edge since step 214.');
    expect(announcement(run(41), csv)).toBe('Sharpness near the edge of the full batch.');
    expect(announcement(run(20), { ...csv, batch: null })).toBe('Sharpness near the edge of the full batch.');
  });
});

describe('the share of the threshold', () => {
  it.each([
    [0.0001, ', under 0.1 %'],
    [0.92, ' = 4.6 %'],
    [5, ' = 25 %'],
  ])('λ₁ = %d of 20 is %s', (sharpness, text) => {
    expect(say({}, [sharpness])).toContain(`${text} of 2/η`);
  });
});

describe('announcement', () => {
  it('says what is seen without numbers that move', () => {
    const experiment = DEFAULT_EXPERIMENT;
    const first = announcement(state({ markers: [edge(214)] }, [15, 19.9]), experiment);
    expect(first).toBe('Sharpness at the edge since step 214.');
    expect(announcement(state({ markers: [edge(214)] }, [19.9, 20.3]), experiment)).toBe(first);
    expect(announcement(state({ phase: 'loading' }, []), experiment)).toBe('Choosing the engine…');
  });
});

describe('steadySharpness', () => {
  it('is the midpoint’s, or λ₁ where that was not measured', () => {
    expect(steadySharpness(state({}, [10]))).toBe(10);
    const table = new SeriesTable();
    table.append(Float64Array.from([0]), { 'hessian.lambda1': Float64Array.from([7]) });
    expect(steadySharpness({ table })).toBe(7);
    expect(steadySharpness({ table: new SeriesTable() })).toBeNaN();
  });

  it('is called in the caption by the name of its line', () => {
    expect(say({}, [10])).toMatch(/^λ₁ mid = 10 /);
    const table = new SeriesTable();
    table.append(Float64Array.from([0]), {
      'hessian.lambda1': Float64Array.from([10]),
      threshold: Float64Array.from([20]),
    });
    expect(caption({ ...state({}), table }, DEFAULT_EXPERIMENT)).toMatch(/^λ₁ = 10 = 50 % of 2\/η: /);
  });
});

describe('digits', () => {
  it.each([
    [19.9312, '19.9'],
    [0, '0'],
    [-0.12345, '-0.123'],
    [1234.5, '1230'],
    [0.001, '0.001'],
    [0.00099, '9.90e-4'],
    [123456, '1.23e+5'],
    [NaN, '–'],
    [Infinity, '–'],
  ])('%d is %s', (x, text) => {
    expect(digits(x)).toBe(text);
  });
});
