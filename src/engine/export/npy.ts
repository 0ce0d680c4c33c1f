/**
 * Arrays for NumPy: `.npy` version 1.0 (numpy.lib.format: magic, length, a Python dict padded to 64 bytes, then the raw
 * values) and `.npz`, a zip of them that `numpy.load` opens without pickling. Little-endian, C order. The same arrays
 * always make the same bytes: the zip carries no time of its own.
 */
import { zipSync } from 'fflate';

export interface NpyArray {
  /** Float32Array is written as <f4, Float64Array as <f8, Uint32Array as <u4. */
  readonly data: Float32Array | Float64Array | Uint32Array;
  readonly shape: readonly number[];
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
const ALIGNMENT = 64;
/** The earliest time a zip can hold. */
const NO_TIME = new Date(1980, 0, 1);

/** One array as the bytes of a .npy file. Throws where the shape does not hold the data: a bug of the caller. */
export function encodeNpy({ data, shape }: NpyArray): Uint8Array {
  if (shape.reduce((product, length) => product * length, 1) !== data.length) {
    throw new Error(`An array of ${data.length} values has no shape (${shape.join(', ')}).`);
  }
  const kind = data instanceof Uint32Array ? 'u' : 'f';
  const size = data.BYTES_PER_ELEMENT;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '<${kind}${size}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = MAGIC.length + 2;
  const offset = ALIGNMENT * Math.ceil((start + dict.length + 1) / ALIGNMENT);
  const header = dict.padEnd(offset - start - 1, ' ') + '\n';

  const bytes = new Uint8Array(offset + data.byteLength);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(MAGIC.length, header.length, true);
  bytes.set(new TextEncoder().encode(header), start);
  if (data instanceof Uint32Array) data.forEach((value, i) => view.setUint32(offset + 4 * i, value, true));
  else if (data instanceof Float32Array) data.forEach((value, i) => view.setFloat32(offset + 4 * i, value, true));
  else data.forEach((value, i) => view.setFloat64(offset + 8 * i, value, true));
  return bytes;
}

/** Named arrays as the bytes of a .npz file. */
export function encodeNpz(arrays: ReadonlyMap<string, NpyArray>): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  for (const [name, array] of arrays) files[`${name}.npy`] = encodeNpy(array);
  return zipSync(files, { level: 1, mtime: NO_TIME });
}
