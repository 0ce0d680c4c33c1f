/** What is copied from the GPU for an operand, and how the host gets it back without padding. */
import { scalarSpacing, type GpuScalar, type GpuVector } from './operands';

interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

export interface Piece {
  readonly parts: readonly Range[];
  /** From the floats of each part. */
  unpack(arrays: readonly Float32Array[]): Float64Array;
}

/** A vector as [lanes, length]. */
export function vectorPiece(vector: GpuVector, length: number): Piece {
  const { lanes } = vector;
  return {
    parts: [vector],
    unpack([values]) {
      const result = new Float64Array(lanes * length);
      const stride = values.length / lanes;
      for (let l = 0; l < lanes; l++) result.set(values.subarray(l * stride, l * stride + length), l * length);
      return result;
    },
  };
}

/** Scalars as [count, lanes]: in one part where they lie in a row, else one by one. */
export function scalarPiece(scalars: readonly GpuScalar[]): Piece {
  if (scalars.length === 0) return { parts: [], unpack: () => new Float64Array(0) };
  const { lanes, buffer, offset } = scalars[0];
  if (scalars.some((s) => s.lanes !== lanes))
    throw new Error('scalars read together must have the same number of lanes');
  const spacing = scalarSpacing(lanes);
  const inRow = scalars.every((s, i) => s.buffer === buffer && s.offset === offset + i * spacing);
  const parts = inRow ? [{ buffer, offset, size: (scalars.length - 1) * spacing + 4 * lanes }] : scalars;
  return {
    parts,
    unpack(arrays) {
      const result = new Float64Array(scalars.length * lanes);
      scalars.forEach((_, i) => {
        const values = inRow ? arrays[0].subarray((i * spacing) / 4, (i * spacing) / 4 + lanes) : arrays[i];
        result.set(values, i * lanes);
      });
      return result;
    },
  };
}
