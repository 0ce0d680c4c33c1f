import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { encodeNpy, encodeNpz, type NpyArray } from './npy';

/** The dict of a .npy file and where its values begin, read as the format's description says. */
function header(bytes: Uint8Array): { dict: string; start: number } {
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  const length = bytes[8] + 256 * bytes[9];
  return { dict: new TextDecoder().decode(bytes.subarray(10, 10 + length)), start: 10 + length };
}

describe('npy', () => {
  it.each<[string, NpyArray]>([
    [
      "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }",
      { data: Float64Array.of(1, -2.5, 1e300), shape: [3] },
    ],
    [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
      { data: Float32Array.of(1, 2, 3, -0), shape: [2, 2] },
    ],
    [
      "{'descr': '<u4', 'fortran_order': False, 'shape': (1, 3), }",
      { data: Uint32Array.of(0, 7, 4294967295), shape: [1, 3] },
    ],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (0, 5), }", { data: new Float64Array(0), shape: [0, 5] }],
  ])('%s', (expected, array) => {
    const bytes = encodeNpy(array);
    const { dict, start } = header(bytes);
    expect(dict.trimEnd()).toBe(expected);
    expect(dict.endsWith('\n')).toBe(true);
    expect(start % 64).toBe(0);
    const view = new DataView(bytes.buffer, start);
    const read = {
      '<f4': (i: number) => view.getFloat32(4 * i, true),
      '<f8': (i: number) => view.getFloat64(8 * i, true),
      '<u4': (i: number) => view.getUint32(4 * i, true),
    }[/<[fu]\d/.exec(expected)?.[0] ?? ''];
    const values = Array.from(array.data, (_, i) => read?.(i));
    expect(values).toEqual([...array.data]);
    expect(bytes).toHaveLength(start + array.data.byteLength);
  });

  it('keeps the header aligned whatever the length of the shape', () => {
    for (let dimensions = 1; dimensions < 40; dimensions++) {
      const shape = Array.from({ length: dimensions }, () => 1);
      expect(header(encodeNpy({ data: Float32Array.of(1), shape })).start % 64).toBe(0);
    }
  });

  it('refuses a shape that does not hold the data', () => {
    expect(() => encodeNpy({ data: new Float32Array(6), shape: [2, 2] })).toThrow('has no shape (2, 2)');
  });
});

describe('npz', () => {
  it('is a zip of .npy files, the same bytes every time', () => {
    const arrays = new Map<string, NpyArray>([
      ['X', { data: Float32Array.from({ length: 1000 }, (_, i) => i), shape: [100, 10] }],
      ['theta_0', { data: Float64Array.of(1, 2), shape: [2] }],
    ]);
    const bytes = encodeNpz(arrays);
    const files = unzipSync(bytes);
    expect(Object.keys(files)).toEqual(['X.npy', 'theta_0.npy']);
    for (const [name, array] of arrays) expect(files[`${name}.npy`]).toEqual(encodeNpy(array));
    expect(encodeNpz(arrays)).toEqual(bytes);
  });
});
