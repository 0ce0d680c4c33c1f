/** The picture of a data set: there for one or two inputs, bounded in size, never empty in extent. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_EXPERIMENT, defaultsFor } from '../../experiment/schema';
import { deterministicMath } from '../deterministic';
import { readKernels } from '../landscape/wasm/node';
import type { Dataset } from './dataset';
import { generate } from './generators';
import { previewOf } from './preview';

const math = deterministicMath(await readKernels());

describe('previewOf', () => {
  it('is a plane with classes for two inputs, and holds at most 2000 points', () => {
    const preview = previewOf(generate({ ...DEFAULT_EXPERIMENT, n: 5000 }, math));
    expect(preview).toMatchObject({ kind: 'plane', classes: 2, resolution: 64 });
    expect(preview?.inputs.length).toBe(4000);
    expect([...(preview?.targets.subarray(0, 4) ?? [])]).toEqual([0, 1, 0, 1]);
  });

  it('evaluates the plane row by row over a box with room around all points', () => {
    const dataset = generate(DEFAULT_EXPERIMENT, math);
    const preview = previewOf(dataset);
    const { grid, box, resolution } = preview ?? { grid: [], box: [], resolution: 0 };
    const [x0, x1, y0, y1] = box;
    expect(grid.length).toBe(2 * resolution ** 2);
    expect([grid[0], grid[1]]).toEqual([x0, y0]);
    expect(grid[2 * (resolution - 1)]).toBeCloseTo(x1, 12);
    expect(grid[2 * (resolution - 1) + 1]).toBe(y0);
    expect(grid.at(-2)).toBeCloseTo(x1, 12);
    expect(grid.at(-1)).toBeCloseTo(y1, 12);
    expect(grid[2]).toBeGreaterThan(x0);
    for (let i = 0; i < dataset.examples; i++) {
      expect(dataset.inputs[2 * i] > x0 && dataset.inputs[2 * i] < x1).toBe(true);
      expect(dataset.inputs[2 * i + 1] > y0 && dataset.inputs[2 * i + 1] < y1).toBe(true);
    }
  });

  it('is a line for one input and one output', () => {
    const preview = previewOf(generate(defaultsFor('chebyshev'), math));
    expect(preview).toMatchObject({ kind: 'line', classes: 0, resolution: 201, box: [-1.16, 1.16] });
    expect(preview?.grid.length).toBe(201);
    expect(preview?.targets.length).toBe(20);
  });

  it('is none for more inputs, nor for values over a plane', () => {
    expect(previewOf(generate(defaultsFor('blobs'), math))).toBeNull();
    const values: Dataset = {
      examples: 1,
      inputWidth: 2,
      outputWidth: 1,
      inputs: new Float64Array(2),
      targets: new Float64Array(1),
      labels: null,
      classes: 0,
    };
    expect(previewOf(values)).toBeNull();
  });

  it('gives a constant input some width', () => {
    const flat: Dataset = {
      examples: 2,
      inputWidth: 1,
      outputWidth: 1,
      inputs: Float64Array.from([3, 3]),
      targets: new Float64Array(2),
      labels: null,
      classes: 0,
    };
    expect(previewOf(flat)?.box).toEqual([3 - 0.08, 3 + 0.08]);
  });
});
