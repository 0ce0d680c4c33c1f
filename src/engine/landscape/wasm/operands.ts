/**
 * Vectors, scalars and mini-batches of the WASM engine: addresses with a lane count, whose lanes lie `stride` bytes
 * apart. A scalar is an f64, a batch's indices are u32. `owner` tells the landscapes apart, whose memories are separate.
 */
import type { Batch, Scalar, Vector } from '../landscape';

class WasmOperand {
  readonly lanes: number;
  readonly owner: object;
  readonly pointer: number;
  readonly stride: number;

  constructor(owner: object, pointer: number, lanes: number, stride: number) {
    this.owner = owner;
    this.pointer = pointer;
    this.lanes = lanes;
    this.stride = stride;
  }

  /** Address of a lane; a single lane stands for all. */
  at(lane: number): number {
    return this.lanes === 1 ? this.pointer : this.pointer + lane * this.stride;
  }
}

export class WasmVector extends WasmOperand implements Vector {}

export class WasmScalar extends WasmOperand implements Scalar {
  constructor(owner: object, pointer: number, lanes: number) {
    super(owner, pointer, lanes, 8);
  }

  /** Index of a lane in the memory seen as f64. */
  index(lane: number): number {
    return this.at(lane) / 8;
  }
}

export class WasmBatch extends WasmOperand implements Batch {
  readonly size: number;

  constructor(owner: object, pointer: number, lanes: number, size: number) {
    super(owner, pointer, lanes, 4 * size);
    this.size = size;
  }
}

/** The vector as ours; throws where another landscape made it. */
export function vectorOf(owner: object, vector: Vector): WasmVector {
  if (vector instanceof WasmVector && vector.owner === owner) return vector;
  throw new Error('this vector belongs to another landscape');
}

/** The scalar as ours; throws where another landscape made it. */
export function scalarOf(owner: object, scalar: Scalar): WasmScalar {
  if (scalar instanceof WasmScalar && scalar.owner === owner) return scalar;
  throw new Error('this scalar belongs to another landscape');
}

/** The batch as ours; throws where another landscape made it. */
export function batchOf(owner: object, batch: Batch): WasmBatch {
  if (batch instanceof WasmBatch && batch.owner === owner) return batch;
  throw new Error('this batch belongs to another landscape');
}

/** Throws unless the first `count` operands lie `spacing` bytes apart, as `basis` and `scalars` make them. */
export function checkRow(
  owner: object,
  operands: readonly Vector[] | readonly Scalar[],
  count: number,
  spacing: number,
): void {
  if (count > operands.length) throw new Error(`${count} operands asked for, ${operands.length} given`);
  const first = pointerOf(owner, operands[0]);
  for (let i = 1; i < count; i++) {
    if (pointerOf(owner, operands[i]) !== first + i * spacing) throw new Error('the operands do not lie in a row');
  }
}

/** The first of these batches; throws unless all lie one after another, as `batches` makes them. */
export function checkBatches(owner: object, batches: readonly Batch[]): WasmBatch {
  const first = batchOf(owner, batches[0]);
  const bytes = 4 * first.size * first.lanes;
  batches.forEach((batch, i) => {
    const { pointer, size, lanes } = batchOf(owner, batch);
    if (size !== first.size || lanes !== first.lanes || pointer !== first.pointer + i * bytes) {
      throw new Error('the batches do not lie in a row');
    }
  });
  return first;
}

function pointerOf(owner: object, operand: Vector | Scalar): number {
  return operand instanceof WasmScalar ? scalarOf(owner, operand).pointer : vectorOf(owner, operand).pointer;
}
