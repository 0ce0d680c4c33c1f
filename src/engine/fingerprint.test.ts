/** The hash of θ: SHA-256 of its bits, with every NaN the same NaN. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint';

const sha = (bytes: ArrayBuffer): string => createHash('sha256').update(new Uint8Array(bytes)).digest('hex');

describe('fingerprint', () => {
  it('is SHA-256 over the little-endian numbers of the precision', () => {
    const theta = Float64Array.from([1, -0.5, Math.fround(0.1), 0, 1e30]);
    expect(fingerprint(theta, 'f64')).toBe(sha(theta.slice().buffer));
    expect(fingerprint(theta, 'f32')).toBe(sha(Float32Array.from(theta).buffer));
    expect(fingerprint(new Float64Array(0), 'f32')).toBe(sha(new ArrayBuffer(0)));
  });

  it('tells one bit apart, and −0 from 0', () => {
    const theta = Float64Array.from([1, 2, 3]);
    expect(fingerprint(Float64Array.from([1, 2, 3 + 2 ** -51]), 'f64')).not.toBe(fingerprint(theta, 'f64'));
    expect(fingerprint(Float64Array.from([-0]), 'f32')).not.toBe(fingerprint(Float64Array.from([0]), 'f32'));
  });

  it.each(['f32', 'f64'] as const)('makes no difference between NaNs in %s', (precision) => {
    const odd = new Float64Array(
      new BigUint64Array([0x7ff8000000000000n, 0xfff8000000000001n, 0x7ff4000000000000n]).buffer,
    );
    const plain = Float64Array.from([NaN, NaN, NaN]);
    expect(fingerprint(odd, precision)).toBe(fingerprint(plain, precision));
    expect(fingerprint(Float64Array.from([Infinity]), precision)).not.toBe(
      fingerprint(Float64Array.from([NaN]), precision),
    );
  });
});
