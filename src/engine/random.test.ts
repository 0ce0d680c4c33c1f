/** The random streams: frozen draws, an independent generator that agrees, and the laws they must follow. */
import { describe, expect, it } from 'vitest';
import { bits } from './bits.testing';
import { deterministicMath } from './deterministic';
import { readKernels } from './landscape/wasm/node';
import { randomStream, type StreamName } from './random';

const math = deterministicMath(await readKernels());

/** First three uniforms, and the first two normals of a fresh stream. Part of every link: never to change. */
const FROZEN: readonly (readonly [StreamName, number, number, readonly string[], readonly string[]])[] = [
  ['data', 0, 0, ['3fdbdc4d70d5aa06', '3fcd34b3f1c7eca8', '3fe241e00933bccb'], ['3fc2b5e5dac3e5aa', '3fc5daa9978bcbc6']],
  ['data', 1, 0, ['3fe10358cda60778', '3fc50631e0b1d588', '3fc4dd23dd72e4f8'], ['3fe4391befc57936', 'bfd99896c2d58321']],
  ['init', 1, 0, ['3fdc8d9f2f3f78fa', '3fc19c94a36d1a08', '3feab779f48b1f7d'], ['3fe6939813997eb5', '3ff6f6f9899cab01']],
  ['probes', 1, 0, ['3fb11436b08b1258', '3fed0d03be55393f', '3fe5262dc79dfec5'], ['3fd3e7c8190048dd', 'bff268c881a525a7']],
  ['probes', 1, 1, ['3fea710a27cd944b', '3fef2dc997394ae9', '3fe4bee97c7ebc88'], ['3ffd8c6f22274298', '3ff0741631f854f1']],
  ['probes', 1, 5000, ['3fdb885a50900e58', '3fc7d988ab6bb26c', '3fee1b7a1aa3decd'], ['3fda703e9f91be8c', 'c002fee7634a4746']],
  ['init', 2, 0, ['3fce4b547fe9c518', '3fd1f1a05934f924', '3fe02dfc6eafc70d'], ['bfc1d8029ddd6645', '3ff26e770632c4fc']],
  ['init', 4294967295, 0, ['3fe4638f941781bc', '3fd029af63d96bb4', '3fe9a7a836c0e634'], ['bf974ee476934bcb', 'bffc56ca16d17581']],
  ['selftest', 7, 0, ['3fb5e194344e6430', '3fc208375cf8ddec', '3feb8c9505ce4df8'], ['3fd12154cdd04164', 'bfe9e77c7709e60f']],
]; // prettier-ignore

describe('randomStream', () => {
  it.each(FROZEN)('%s of seed %i at %i draws for ever what it drew', (name, seed, index, uniforms, normals) => {
    const first = randomStream(math, seed, name, index);
    expect(uniforms.map(() => bits(first.uniform()))).toEqual(uniforms);
    const second = randomStream(math, seed, name, index);
    expect(normals.map(() => bits(second.normal()))).toEqual(normals);
  });

  it('is xoroshiro128+ with the documented state, written once more in 64-bit integers', () => {
    const mask = (1n << 64n) - 1n;
    const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (64n - k))) & mask;
    const finalise = (x: number): number => {
      let h = x >>> 0;
      h ^= h >>> 16;
      h = Number((BigInt(h >>> 0) * 0x85ebca6bn) & 0xffffffffn);
      h ^= h >>> 13;
      h = Number((BigInt(h >>> 0) * 0xc2b2ae35n) & 0xffffffffn);
      return (h ^ (h >>> 16)) >>> 0;
    };
    let label = 0x811c9dc5n;
    for (const letter of 'probes') label = ((label ^ BigInt(letter.charCodeAt(0))) * 0x01000193n) & 0xffffffffn;
    const named = finalise(Number(label) ^ finalise(41));
    const words = [0, 1, 2, 3].map((i) => {
      const spread = Number((BigInt(finalise(12345 + 1)) + BigInt(i) * 0x9e3779b9n) & 0xffffffffn);
      return BigInt((finalise(spread) ^ finalise(named + i)) >>> 0);
    });
    let s0 = (words[0] << 32n) | words[1];
    let s1 = (words[2] << 32n) | words[3];
    const next = (): bigint => {
      const low = (s0 + s1) & 0xffffffffn;
      const mixed = s0 ^ s1;
      s0 = rotate(s0, 24n) ^ mixed ^ ((mixed << 16n) & mask);
      s1 = rotate(mixed, 37n);
      return low;
    };
    const stream = randomStream(math, 12345, 'probes', 41);
    for (let i = 0; i < 1000; i++) {
      const expected = Number(((next() >> 5n) << 26n) | (next() >> 6n)) / 2 ** 53;
      expect(stream.uniform()).toBe(expected);
    }
  });

  it('takes two uniforms a normal, the cosine branch of Box–Muller', () => {
    const normals = randomStream(math, 3, 'init');
    const uniforms = randomStream(math, 3, 'init');
    for (let i = 0; i < 100; i++) {
      const [u, v] = [uniforms.uniform(), uniforms.uniform()];
      expect(normals.normal()).toBeCloseTo(Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v), 12);
    }
    expect(normals.uniform()).toBe(uniforms.uniform());
  });

  it('starts different streams for different seeds, names and indices', () => {
    const seen = new Set<number>();
    const names: StreamName[] = ['data', 'init', 'probes', 'selftest'];
    for (const name of names) {
      for (let seed = 0; seed < 200; seed++) {
        for (const index of [0, 1, 2, 777]) seen.add(randomStream(math, seed, name, index).uniform());
      }
    }
    expect(seen.size).toBe(4 * 200 * 4);
  });

  it('is not moved by draws from another stream', () => {
    const alone = randomStream(math, 5, 'init');
    const expected = Array.from({ length: 20 }, () => alone.normal());
    const stream = randomStream(math, 5, 'init');
    const other = randomStream(math, 5, 'data');
    expect(expected.map(() => (other.normal(), stream.normal()))).toEqual(expected);
  });

  it('is uniform on [0, 1) to 53 bits, and uncorrelated between names and neighbouring seeds', () => {
    const count = 20_000;
    const draw = (seed: number, name: StreamName): number[] => {
      const stream = randomStream(math, seed, name);
      return Array.from({ length: count }, () => stream.uniform());
    };
    const a = draw(1, 'data');
    const bins = new Array<number>(20).fill(0);
    for (const u of a) {
      expect(u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53)).toBe(true);
      bins[Math.floor(20 * u)]++;
    }
    // χ² with 19 degrees of freedom: above 43.8 once in a thousand.
    expect(bins.reduce((sum, x) => sum + (x - count / 20) ** 2 / (count / 20), 0)).toBeLessThan(43.8);
    const correlation = (b: number[]): number =>
      (12 * b.reduce((sum, x, i) => sum + (x - 0.5) * (a[i] - 0.5), 0)) / count;
    for (const b of [draw(1, 'init'), draw(2, 'data'), [...a.slice(1), a[0]]]) {
      expect(Math.abs(correlation(b))).toBeLessThan(4 / Math.sqrt(count));
    }
    expect(a.some((u) => (u * 2 ** 53) % 2 === 1)).toBe(true);
  });

  it('draws standard normals', () => {
    const stream = randomStream(math, 9, 'init');
    const count = 40_000;
    const draws = Array.from({ length: count }, () => stream.normal());
    const moment = (k: number): number => draws.reduce((sum, x) => sum + x ** k, 0) / count;
    const bar = 4 / Math.sqrt(count);
    expect(Math.abs(moment(1))).toBeLessThan(bar);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(bar * Math.sqrt(2));
    expect(Math.abs(moment(3))).toBeLessThan(bar * Math.sqrt(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(bar * Math.sqrt(96));
    expect(draws.every(Number.isFinite)).toBe(true);
  });
});
