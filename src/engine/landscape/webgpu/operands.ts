/**
 * Vectors and scalars of the WebGPU engine: parts of GPU buffers with a number by which bound operand sets are found
 * again. A vector's lanes lie `stride` floats apart; scalars begin at multiples of 256 bytes, where bindings may start.
 */
import type { Scalar, Vector } from '../landscape';
import type { Part } from './kernel';

let made = 1;

/** Whose operands they are. */
export interface Owner {
  /** Throws once it is disposed of. */
  checkLiving(): void;
}

class GpuOperand implements Part {
  readonly id = made++;
  readonly owner: Owner;
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
  readonly lanes: number;

  constructor(owner: Owner, buffer: GPUBuffer, offset: number, lanes: number, floats: number) {
    this.owner = owner;
    this.buffer = buffer;
    this.offset = offset;
    this.lanes = lanes;
    this.size = 4 * floats;
  }
}

export class GpuVector extends GpuOperand implements Vector {
  constructor(owner: Owner, buffer: GPUBuffer, offset: number, lanes: number, stride: number) {
    super(owner, buffer, offset, lanes, lanes * stride);
  }
}

export class GpuScalar extends GpuOperand implements Scalar {
  constructor(owner: Owner, buffer: GPUBuffer, offset: number, lanes: number) {
    super(owner, buffer, offset, lanes, lanes);
  }
}

/** Bytes from one scalar to the next in a row of them. */
export function scalarSpacing(lanes: number): number {
  return Math.ceil((4 * lanes) / 256) * 256;
}

/** The vector as ours; throws where another landscape made it or ours is disposed of. */
export function vectorOf(owner: Owner, vector: Vector | undefined): GpuVector {
  owner.checkLiving();
  if (vector instanceof GpuVector && vector.owner === owner) return vector;
  throw new Error('this vector belongs to another landscape');
}

/** The scalar as ours; throws where another landscape made it or ours is disposed of. */
export function scalarOf(owner: Owner, scalar: Scalar | undefined): GpuScalar {
  owner.checkLiving();
  if (scalar instanceof GpuScalar && scalar.owner === owner) return scalar;
  throw new Error('this scalar belongs to another landscape');
}

/** Operands that lie one after another in one buffer. */
export interface Row {
  readonly part: Required<Part>;
  readonly count: number;
}

/**
 * The operands as rows, one for each buffer that they lie in: a basis too long for one binding has several. Throws where
 * those of one buffer do not lie in a row, as `basis` and `scalars` make them.
 */
export function rowsOf(operands: readonly (GpuVector | GpuScalar)[], spacing: number): readonly Row[] {
  const rows: Row[] = [];
  for (let from = 0, to = 0; from < operands.length; from = to) {
    const { buffer, offset, size } = operands[from];
    for (; to < operands.length && operands[to].buffer === buffer; to++) {
      if (operands[to].offset !== offset + (to - from) * spacing) throw new Error('the operands do not lie in a row');
    }
    const count = to - from;
    rows.push({ part: { buffer, offset, size: (count - 1) * spacing + size }, count });
  }
  return rows;
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

interface BasisEntry<T> {
  readonly vectors: readonly GpuVector[];
  readonly scalars: readonly GpuScalar[];
  readonly value: T;
}

/** Things found again by a target and by the members of a basis, and scalars, one by one: the ends do not tell their order. */
export class BasisCache<T> {
  readonly #found = new OperandCache<BasisEntry<T>[]>();

  /** For the first `count` of the basis; undefined where it is empty. */
  get(target: GpuVector, basis: readonly Vector[], count: number, scalars: readonly Scalar[]): T | undefined {
    const first: Vector | undefined = basis[0];
    if (!(first instanceof GpuVector)) return undefined;
    const entries = this.#found.get(target.id, first.id, count, scalars.length);
    if (!entries) return undefined;
    for (let i = 0; i < entries.length; i++) {
      const { vectors, scalars: factors, value } = entries[i];
      if (startsWith(basis, vectors) && startsWith(scalars, factors)) return value;
    }
    return undefined;
  }

  set(target: GpuVector, vectors: readonly GpuVector[], scalars: readonly GpuScalar[], value: T): T {
    const key = [target.id, vectors[0].id, vectors.length, scalars.length] as const;
    const entries = this.#found.get(...key) ?? this.#found.set(...key, []);
    entries.push({ vectors, scalars, value });
    return value;
  }
}

function startsWith<T>(list: readonly T[], start: readonly T[]): boolean {
  for (let i = 0; i < start.length; i++) if (list[i] !== start[i]) return false;
  return true;
}
