/**
 * Vectors and scalars of the WebGPU engine: parts of GPU buffers with a number by which bound operand sets are found
 * again. A vector's lanes lie `stride` floats apart; scalars begin at multiples of 256 bytes, where bindings may start.
 */
import type { Scalar, Vector } from '../landscape';
import type { Part } from './kernel';

let made = 0;

export class GpuVector implements Vector, Part {
  readonly id = made++;
  readonly owner: object;
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
  readonly lanes: number;

  constructor(owner: object, buffer: GPUBuffer, offset: number, lanes: number, stride: number) {
    this.owner = owner;
    this.buffer = buffer;
    this.offset = offset;
    this.lanes = lanes;
    this.size = 4 * lanes * stride;
  }
}

export class GpuScalar implements Scalar, Part {
  readonly id = made++;
  readonly owner: object;
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
  readonly lanes: number;

  constructor(owner: object, buffer: GPUBuffer, offset: number, lanes: number) {
    this.owner = owner;
    this.buffer = buffer;
    this.offset = offset;
    this.lanes = lanes;
    this.size = 4 * lanes;
  }
}

/** Bytes from one scalar to the next in a row of them. */
export function scalarSpacing(lanes: number): number {
  return Math.ceil((4 * lanes) / 256) * 256;
}

/** The vector as ours; throws where another landscape made it. */
export function vectorOf(owner: object, vector: Vector | undefined): GpuVector {
  if (vector instanceof GpuVector && vector.owner === owner) return vector;
  throw new Error('this vector belongs to another landscape');
}

/** The scalar as ours; throws where another landscape made it. */
export function scalarOf(owner: object, scalar: Scalar | undefined): GpuScalar {
  if (scalar instanceof GpuScalar && scalar.owner === owner) return scalar;
  throw new Error('this scalar belongs to another landscape');
}

/** Throws unless each input has as many lanes as the output, or one. */
export function checkLanes(out: GpuVector | GpuScalar, a: GpuVector | GpuScalar, b = a, c = a): void {
  const { lanes } = out;
  const fits = (operand: GpuVector | GpuScalar): boolean => operand.lanes === 1 || operand.lanes === lanes;
  if (!fits(a) || !fits(b) || !fits(c))
    throw new Error(`${a.lanes}, ${b.lanes}, ${c.lanes} lanes do not go into ${lanes}`);
}

/** The first `count` operands as one part; throws unless they lie in a row, as `basis` and `scalars` make them. */
export function rowOf(operands: readonly (GpuVector | GpuScalar)[], spacing: number): Part {
  const first = operands[0];
  operands.forEach((operand, i) => {
    if (operand.buffer !== first.buffer || operand.offset !== first.offset + i * spacing) {
      throw new Error('the operands do not lie in a row');
    }
  });
  return { buffer: first.buffer, offset: first.offset, size: (operands.length - 1) * spacing + first.size };
}

/** Things found again by up to four numbers, without making a key. */
export class OperandCache<T> {
  readonly #found = new Map<number, Map<number, Map<number, Map<number, T>>>>();

  get(a: number, b: number, c: number, d: number): T | undefined {
    return this.#found.get(a)?.get(b)?.get(c)?.get(d);
  }

  set(a: number, b: number, c: number, d: number, value: T): T {
    const second = child(this.#found, a);
    child(child(second, b), c).set(d, value);
    return value;
  }
}

function child<T>(map: Map<number, Map<number, T>>, key: number): Map<number, T> {
  let next = map.get(key);
  if (!next) map.set(key, (next = new Map<number, T>()));
  return next;
}
