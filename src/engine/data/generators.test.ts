/** Generated data: frozen to the bit, and what each set promises. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_EXPERIMENT, defaultsFor } from '../../experiment/schema';
import type { Experiment } from '../../experiment/experiment';
import { bits } from '../bits.testing';
import { deterministicMath } from '../deterministic';
import { fingerprint } from '../fingerprint';
import { readKernels } from '../landscape/wasm/node';
import { generate } from './generators';

const math = deterministicMath(await readKernels());
const spirals = (patch: Partial<Experiment> = {}): Experiment => ({ ...DEFAULT_EXPERIMENT, ...patch });
const chebyshev = (patch: Partial<Experiment> = {}): Experiment => ({ ...defaultsFor('chebyshev'), ...patch });
const blobs = (patch: Partial<Experiment> = {}): Experiment => ({ ...defaultsFor('blobs'), ...patch });

/** First four inputs, first four targets, and the first 16 digits of the hash of each. */
const FROZEN: readonly (readonly [string, Experiment, readonly string[], readonly number[] | readonly string[], string, string])[] = [
  ['spirals', spirals(), ['3ff0a960cd96d6b6', '3fe68d26987f663b', '3fc8a5130d68e32e', '3fea39e445d9c174'], [-1, 1, -1, 1], 'c712fc359a274b9e', '5ad76191b1ce82c7'],
  ['spirals with cross-entropy and dseed=5', spirals({ loss: 'ce', dseed: 5 }), ['3fda2753b5fe0edd', '3ff5a1803ff479af', '3ffbb21705f2f33e', 'bfc399a351e9df43'], [1, 0, 0, 1], 'c2a0905eb02a7ecf', 'e45c0d9a788c7fed'],
  ['chebyshev with noise', chebyshev({ noise: 0.1 }), ['bff0000000000000', 'bfeca1af286bca1b', 'bfe9435e50d79436', 'bfe5e50d79435e51'], ['3ff102daff304610', 'bfd44f2b44efe3c3', 'bfebb3705dcceda5', 'bff2ea0c97298bdc'], 'c9fff9e04deddf95', 'a9bab5f7966d25f8'],
  ['blobs', blobs(), ['3ff859ff26fb7570', '3fd8c7d4cd5a4b82', 'bf7ca423c0ef74f9', 'bffe63936956fb84'], [1, 0, 0, 0], '572540947e84be8c', 'd307a520ba990c18'],
]; // prettier-ignore

describe('generate', () => {
  it.each(FROZEN)('%s are for ever what they were', (_, experiment, inputs, targets, inputHash, targetHash) => {
    const dataset = generate(experiment, math);
    expect([...dataset.inputs.subarray(0, 4)].map(bits)).toEqual(inputs);
    expect([...dataset.targets.subarray(0, 4)].map(bits)).toEqual(
      targets.map((t) => (typeof t === 'number' ? bits(t) : t)),
    );
    expect(fingerprint(dataset.inputs, 'f64').slice(0, 16)).toBe(inputHash);
    expect(fingerprint(dataset.targets, 'f64').slice(0, 16)).toBe(targetHash);
  });

  it('follows dseed where it is given and seed where it is not', () => {
    const inputs = (patch: Partial<Experiment>): number[] => [...generate(spirals(patch), math).inputs];
    expect(inputs({ seed: 9 })).toEqual(inputs({ seed: 1, dseed: 9 }));
    expect(inputs({ seed: 9, dseed: 0 })).toEqual(inputs({ seed: 1, dseed: 0 }));
    expect(inputs({ seed: 9 })).not.toEqual(inputs({ seed: 1 }));
  });

  it('draws the same points whatever the loss', () => {
    expect(generate(spirals({ loss: 'ce' }), math).inputs).toEqual(generate(spirals(), math).inputs);
  });

  it('refuses to make up a file', () => {
    expect(() => generate(defaultsFor('csv'), math)).toThrow('none was given');
  });
});

describe('spirals', () => {
  it('lie on their arms, class by class', () => {
    const { inputs, labels, targets, examples, classes } = generate(spirals({ noise: 0, n: 501 }), math);
    expect([examples, classes, targets.length]).toEqual([501, 2, 501]);
    for (let i = 0; i < examples; i++) {
      const [x, y] = [inputs[2 * i], inputs[2 * i + 1]];
      const radius = Math.hypot(x, y);
      expect(radius).toBeLessThanOrEqual(1.7 + 1e-12);
      const angle = (3 * Math.PI * radius) / 1.7 + (i % 2) * Math.PI;
      expect(x).toBeCloseTo(radius * Math.cos(angle), 12);
      expect(y).toBeCloseTo(radius * Math.sin(angle), 12);
      expect(labels?.[i]).toBe(i % 2);
      expect(targets[i]).toBe(i % 2 === 0 ? -1 : 1);
    }
  });

  it('are scattered by 1.7 × noise about the arms', () => {
    const noisy = generate(spirals({ n: 4000, noise: 0.02 }), math).inputs;
    const exact = generate(spirals({ n: 4000, noise: 0 }), math).inputs;
    const deviation = Math.sqrt(noisy.reduce((sum, x, i) => sum + (x - exact[i]) ** 2, 0) / noisy.length);
    expect(deviation / (0.02 * 1.7)).toBeGreaterThan(0.97);
    expect(deviation / (0.02 * 1.7)).toBeLessThan(1.03);
  });

  it('have density even along the radius squared', () => {
    const { inputs } = generate(spirals({ n: 10_000, noise: 0 }), math);
    let inner = 0;
    for (let i = 0; i < 10_000; i++) if (Math.hypot(inputs[2 * i], inputs[2 * i + 1]) < 1.7 / Math.SQRT2) inner++;
    expect(Math.abs(inner - 5000)).toBeLessThan(200);
  });
});

describe('chebyshev', () => {
  it.each([1, 2, 3, 4, 5, 10, 30])('of degree %i is cos(d arccos x) at even points', (degree) => {
    const { inputs, targets, labels, classes } = generate(chebyshev({ degree, n: 41 }), math);
    expect([labels, classes]).toEqual([null, 0]);
    expect([inputs[0], inputs[40], targets[40]]).toEqual([-1, 1, 1]);
    inputs.forEach((x, i) => {
      expect(x).toBeCloseTo(-1 + i / 20, 14);
      expect(targets[i]).toBeCloseTo(Math.cos(degree * Math.acos(x)), 11);
    });
  });

  it('scatters its targets by the noise', () => {
    const clean = generate(chebyshev({ n: 5000 }), math);
    const noisy = generate(chebyshev({ n: 5000, noise: 0.5 }), math);
    expect(noisy.inputs).toEqual(clean.inputs);
    const deviation = Math.sqrt(noisy.targets.reduce((sum, y, i) => sum + (y - clean.targets[i]) ** 2, 0) / 5000);
    expect(Math.abs(deviation - 0.5)).toBeLessThan(0.02);
  });

  it('stands two points', () => {
    expect([...generate(chebyshev({ n: 2, degree: 3 }), math).targets]).toEqual([-1, 1]);
  });
});

describe('blobs', () => {
  it('have standardised columns, one-hot targets and classes in turn', () => {
    const { inputs, targets, labels, examples, inputWidth, outputWidth } = generate(blobs({ n: 130 }), math);
    expect([examples, inputWidth, outputWidth]).toEqual([130, 10, 4]);
    for (let j = 0; j < inputWidth; j++) {
      const column = Array.from({ length: examples }, (_, i) => inputs[i * inputWidth + j]);
      const mean = column.reduce((a, b) => a + b) / examples;
      expect(Math.abs(mean)).toBeLessThan(1e-14);
      expect(column.reduce((sum, x) => sum + x * x, 0) / examples).toBeCloseTo(1, 12);
    }
    for (let i = 0; i < examples; i++) {
      expect(labels?.[i]).toBe(i % 4);
      expect([...targets.subarray(4 * i, 4 * i + 4)]).toEqual([0, 1, 2, 3].map((c) => (c === i % 4 ? 1 : 0)));
    }
  });

  it('stand apart as sep grows, and not at all at 0', () => {
    const spread = (sep: number): number => {
      const { inputs } = generate(blobs({ n: 4000, sep, classes: 2, dim: 3 }), math);
      const mean = [0, 1].map((c) =>
        [0, 1, 2].map((j) => {
          let sum = 0;
          for (let i = c; i < 4000; i += 2) sum += inputs[3 * i + j];
          return sum / 2000;
        }),
      );
      return Math.hypot(...mean[0].map((m, j) => m - mean[1][j]));
    };
    expect(spread(0)).toBeLessThan(0.15);
    expect(spread(10)).toBeGreaterThan(3);
  });
});
