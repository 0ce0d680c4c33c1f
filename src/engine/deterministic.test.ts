/** Exact bits of the deterministic functions: part of every link for ever. */
import { describe, expect, it } from 'vitest';
import { deterministicMath } from './deterministic';
import type { DeterministicMath } from './deterministic';
import { readKernels } from './landscape/wasm/node';

const math = deterministicMath(await readKernels());

function bits(x: number): string {
  return new BigUint64Array(new Float64Array([x]).buffer)[0].toString(16).padStart(16, '0');
}

const PINNED: readonly (readonly [keyof DeterministicMath, readonly number[], string])[] = [
  ['exp', [1], '4005bf0a8b145769'],
  ['exp', [-0.7], '3fdfc80db9dd5542'],
  ['exp', [123.456], '4b11428e1cbc0143'],
  ['expm1', [0.00001], '3ee4f8bc681cdfb6'],
  ['expm1', [-2.5], 'bfed5f8f47ed617c'],
  ['log', [0.1], 'c0026bb1bbb55515'],
  ['log', [1234567], '402c0d6e21958116'],
  ['log1p', [1e-7], '3e7ad7f2843813db'],
  ['log1p', [0.75], '3fe1e85f5e7040d0'],
  ['log2', [10], '400a934f0979a371'],
  ['log10', [7], '3feb0b0b0b78cc3f'],
  ['sin', [1], '3feaed548f090cee'],
  ['sin', [1000000], 'bfd6664b2568d867'],
  ['cos', [2], 'bfdaa22657537205'],
  ['cos', [-12345.678], '3fe6b94c3bbe24b8'],
  ['acos', [0.3], '3ff441f5ecbeef59'],
  ['atan2', [-1, 3], 'bfd4978fa3269ee1'],
  ['tanh', [0.5], '3fdd9353d7568af3'],
  ['tanh', [3.25], '3fefe76795d353a0'],
  ['pow', [0.999, 1000], '3fd788526411ed72'],
  ['pow', [2.5, -3.75], '3fa07b3f176b0a79'],
];

describe('deterministic functions', () => {
  it.each(PINNED)('%s%j = 0x%s', (name, args, pinned) => {
    const call: (...args: number[]) => number = math[name];
    expect(bits(call(...args))).toBe(pinned);
  });

  it('is within two units in the last place of the platform', () => {
    const unary = ['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'sin', 'cos', 'acos', 'tanh'] as const;
    for (const name of unary) {
      for (let i = 1; i < 400; i++) {
        const x = name === 'acos' ? i / 400 : i / 37;
        const expected = Math[name](x);
        expect(Math.abs(math[name](x) - expected)).toBeLessThanOrEqual(2 * 2 ** -52 * Math.abs(expected) + 1e-17);
      }
    }
    for (let i = -50; i < 50; i++) {
      expect(math.pow(1.37, i / 7)).toBeCloseTo(Math.pow(1.37, i / 7), 12);
      expect(math.atan2(i, 13)).toBeCloseTo(Math.atan2(i, 13), 15);
    }
  });

  it('keeps the special values', () => {
    expect(math.exp(-Infinity)).toBe(0);
    expect(math.exp(1000)).toBe(Infinity);
    expect(math.log(0)).toBe(-Infinity);
    expect(math.log(-1)).toBeNaN();
    expect(math.sin(NaN)).toBeNaN();
    expect(math.pow(0, 0)).toBe(1);
  });

  it('refuses a module without the functions', () => {
    const empty = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    expect(() => deterministicMath(empty)).toThrow(/math_exp/);
  });
});
