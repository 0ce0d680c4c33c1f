/**
 * Vectors, scalars and mini-batches of the TensorFlow.js engine. Tensors cannot be written to, so an operand is a place
 * that holds one tensor and lets go of it when it is given the next. Every tensor has three axes, lanes first: a vector
 * is [lanes, 1, P] and a scalar [lanes, 1, 1], so that one lane meets all by the broadcasting of matMul.
 */
import { keep, tile, type Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Scalar, Vector } from '../landscape';

class Operand {
  readonly owner: object;
  readonly lanes: number;
  #tensor: Tensor;

  /** Takes the tensor over. */
  constructor(owner: object, lanes: number, tensor: Tensor) {
    this.owner = owner;
    this.lanes = lanes;
    this.#tensor = keep(tensor);
  }

  get tensor(): Tensor {
    return this.#tensor;
  }

  /** Takes over a tensor of its own; one lane is repeated where there are more. */
  put(tensor: Tensor): void {
    const next = widened(tensor, this.lanes);
    this.#tensor.dispose();
    this.#tensor = keep(next);
  }

  dispose(): void {
    this.#tensor.dispose();
  }
}

export class TensorVector extends Operand implements Vector {}

export class TensorScalar extends Operand implements Scalar {}

/** Indices, int32 of shape [lanes, size]. */
export class TensorBatch extends Operand implements Batch {
  get size(): number {
    return this.tensor.shape[1]!;
  }
}

/** The tensor with its one lane repeated; itself where it has that many already. */
export function widened(tensor: Tensor, lanes: number): Tensor {
  if (tensor.shape[0] === lanes) return tensor;
  return tile(
    tensor,
    tensor.shape.map((_, axis) => (axis === 0 ? lanes : 1)),
  );
}

/** The tensor of a vector of ours; throws where another landscape made it. */
export function vectorOf(owner: object, vector: Vector): TensorVector {
  if (vector instanceof TensorVector && vector.owner === owner) return vector;
  throw new Error('this vector belongs to another landscape');
}

/** The scalar as ours; throws where another landscape made it. */
export function scalarOf(owner: object, scalar: Scalar): TensorScalar {
  if (scalar instanceof TensorScalar && scalar.owner === owner) return scalar;
  throw new Error('this scalar belongs to another landscape');
}

/** The batch as ours; throws where another landscape made it. */
export function batchOf(owner: object, batch: Batch): TensorBatch {
  if (batch instanceof TensorBatch && batch.owner === owner) return batch;
  throw new Error('this batch belongs to another landscape');
}
