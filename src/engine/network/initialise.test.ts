/** Initial parameters: frozen to the bit, and of the law that the catalogue names. */
import { describe, expect, it } from 'vitest';
import type { InitId } from '../../experiment/experiment';
import { bits } from '../bits.testing';
import { deterministicMath } from '../deterministic';
import { fingerprint } from '../fingerprint';
import type { Network } from '../landscape/landscape';
import { readKernels } from '../landscape/wasm/node';
import { initialise } from './initialise';
import { layers, layout, parameterCount } from './layout';

const math = deterministicMath(await readKernels());
const DEMO: Network = { sizes: [2, 32, 32, 1], biases: [true, true, true], activation: 'tanh' };
const WIDE: Network = { sizes: [80, 120, 60], biases: [true, true], activation: 'tanh' };

/** First three entries, and the first 16 digits of the hash, for the default demo with seed 1. */
const FROZEN: readonly (readonly [InitId, readonly string[], string])[] = [
  ['lecun', ['3fdfed948dd5401d', '3ff03d101b4a66dd', '3fb4af40195ee6be'], '54fa9b54f0ac97be'],
  ['pytorch', ['bfb37f7c1b037943', 'bfe0669843f5a693', '3fde4fb9188fd682'], 'e793caa3374bca4d'],
  ['xavier', ['3fc5e707a2526983', '3fd647717a04f6a7', '3f9c61060a5166f9'], '7b3a551d6e34b544'],
  ['he', ['3fe6939813997eb5', '3ff6f6f9899cab01', '3fbd409d6afae1ce'], 'b4895b1f64d2f495'],
  ['orthogonal', ['3fbaf157ce1dd8b1', '3fcb67f1895fd8b1', '3f917470cc200a9c'], 'c11e209213194363'],
];

describe('initialise', () => {
  it.each(FROZEN)('%s draws for ever what it drew', (init, first, hash) => {
    const theta = initialise(DEMO, init, 1, 1, math);
    expect([...theta.subarray(0, 3)].map(bits)).toEqual(first);
    expect(fingerprint(theta, 'f64').slice(0, 16)).toBe(hash);
  });

  it.each<[InitId, (fanIn: number, fanOut: number) => number]>([
    ['lecun', (fanIn) => 1 / fanIn],
    ['pytorch', (fanIn) => 1 / (3 * fanIn)],
    ['xavier', (fanIn, fanOut) => 2 / (fanIn + fanOut)],
    ['he', (fanIn) => 2 / fanIn],
  ])('%s has the variance of its law in every layer', (init, variance) => {
    const theta = initialise(WIDE, init, 1, 4, math);
    for (const { fanIn, fanOut, weights, bias } of layers(WIDE)) {
      const count = fanIn * fanOut;
      const w = theta.subarray(weights, weights + count);
      const expected = variance(fanIn, fanOut);
      const mean = w.reduce((a, b) => a + b, 0) / count;
      expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(expected / count));
      const ratio = w.reduce((sum, x) => sum + x * x, 0) / count / expected;
      expect(Math.abs(ratio - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
      const b = theta.subarray(bias, bias + fanOut);
      if (init === 'pytorch') {
        const bound = 1 / Math.sqrt(fanIn);
        expect([...w, ...b].every((x) => Math.abs(x) <= bound)).toBe(true);
        expect(b.reduce((sum, x) => sum + x * x, 0) / fanOut / expected).toBeGreaterThan(0.6);
      } else {
        expect(b.every((x) => x === 0)).toBe(true);
      }
    }
  });

  it.each([[[5, 9, 3]], [[9, 9, 1]], [[1, 64, 1]], [[64, 2]]])(
    'orthogonal makes orthonormal rows or columns in %j',
    (sizes) => {
      const network: Network = { sizes, biases: sizes.slice(1).map(() => true), activation: 'tanh' };
      const theta = initialise(network, 'orthogonal', 1, 2, math);
      for (const { fanIn, fanOut, weights } of layers(network)) {
        const tall = fanOut <= fanIn;
        const at = (i: number, o: number): number => theta[weights + i * fanOut + o];
        for (let a = 0; a < Math.min(fanIn, fanOut); a++) {
          for (let b = 0; b <= a; b++) {
            let dot = 0;
            for (let i = 0; i < Math.max(fanIn, fanOut); i++) dot += tall ? at(i, a) * at(i, b) : at(a, i) * at(b, i);
            expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-14);
          }
        }
      }
    },
  );

  it.each<InitId>(['lecun', 'pytorch', 'xavier', 'he', 'orthogonal'])(
    '%s scales the weights and not the biases',
    (init) => {
      const one = initialise(DEMO, init, 1, 1, math);
      const half = initialise(DEMO, init, 0.5, 1, math);
      for (const { fanIn, fanOut, weights, bias } of layers(DEMO)) {
        for (let i = 0; i < fanIn * fanOut; i++) expect(half[weights + i]).toBe(0.5 * one[weights + i]);
        for (let o = 0; o < fanOut; o++) expect(half[bias + o]).toBe(one[bias + o]);
      }
      expect(
        initialise(DEMO, init, 0, 1, math)
          .subarray(0, 64)
          .every((x) => x === 0),
      ).toBe(true);
    },
  );

  it('changes with the seed, and leaves no gap where a layer has no bias', () => {
    expect(initialise(DEMO, 'lecun', 1, 2, math)).not.toEqual(initialise(DEMO, 'lecun', 1, 1, math));
    const bare: Network = { ...DEMO, biases: [false, false, false] };
    const theta = initialise(bare, 'lecun', 1, 1, math);
    expect(theta.length).toBe(1120);
    expect(theta.every((x) => x !== 0)).toBe(true);
    const kept = initialise(DEMO, 'lecun', 1, 1, math);
    expect(theta.subarray(64, 64 + 1024)).toEqual(kept.subarray(96, 96 + 1024));
  });
});

describe('layout', () => {
  it('is layer by layer, W (fan-in, fan-out) then b where there is one', () => {
    const network: Network = { sizes: [2, 3, 4, 1], biases: [true, false, true], activation: 'tanh' };
    expect(layout(network)).toEqual([
      { name: 'W1', shape: [2, 3], offset: 0 },
      { name: 'b1', shape: [3], offset: 6 },
      { name: 'W2', shape: [3, 4], offset: 9 },
      { name: 'W3', shape: [4, 1], offset: 21 },
      { name: 'b3', shape: [1], offset: 25 },
    ]);
    expect(parameterCount(network)).toBe(26);
  });
});
