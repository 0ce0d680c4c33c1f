/**
 * The activations φ with φ′ and φ″, elementwise, each by any ops that give its value: none of them is differentiated by
 * TensorFlow.js, so its own tanh, sigmoid and erf will do. An activation that is not in the table cannot be
 * differentiated twice here and is refused in one sentence.
 */
import {
  add,
  elu,
  erf,
  exp,
  minimum,
  mul,
  neg,
  relu,
  sigmoid,
  softplus,
  square,
  step,
  sub,
  tanh,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { ActivationId } from '../../../experiment/experiment';
import { EdgescopeError } from '../../../experiment/fault';
import { differentiable, type TensorFunction } from './twice';

export interface Activation {
  readonly value: TensorFunction;
  readonly slope: TensorFunction;
  readonly curvature: TensorFunction;
}

/** Without `linear`, which is no function to apply. */
export type ActivationTable = Readonly<Partial<Record<Exclude<ActivationId, 'linear'>, Activation>>>;

/** The standard normal distribution function, and its density where x² is capped: beyond it the density is 0. */
const distribution = (x: Tensor): Tensor => mul(0.5, add(1, erf(mul(x, 1 / Math.sqrt(2)))));
const density = (x2: Tensor): Tensor => mul(1 / Math.sqrt(2 * Math.PI), exp(mul(-0.5, x2)));
const cappedSquare = (x: Tensor): Tensor => minimum(square(x), 1e4);

/** Kinks take PyTorch's subgradient: relu′(0) = 0. */
export const ACTIVATIONS = {
  tanh: {
    value: tanh,
    slope: (x) => sub(1, square(tanh(x))),
    curvature: (x) => {
      const t = tanh(x);
      return mul(mul(-2, t), sub(1, square(t)));
    },
  },
  relu: { value: relu, slope: (x) => step(x), curvature: zerosLike },
  // The exact one: φ = x Φ(x), φ′ = Φ + x n, φ″ = n (2 − x²).
  gelu: {
    value: (x) => mul(x, distribution(x)),
    slope: (x) => add(distribution(x), mul(x, density(square(x)))),
    curvature: (x) => {
      const x2 = cappedSquare(x);
      return mul(density(x2), sub(2, x2));
    },
  },
  softplus: { value: softplus, slope: sigmoid, curvature: (x) => mul(sigmoid(x), sigmoid(neg(x))) },
  // 1 − σ(x) is taken as σ(−x), which does not cancel.
  sigmoid: {
    value: sigmoid,
    slope: (x) => mul(sigmoid(x), sigmoid(neg(x))),
    curvature: (x) => {
      const [s, complement] = [sigmoid(x), sigmoid(neg(x))];
      return mul(mul(s, complement), sub(complement, s));
    },
  },
  elu: {
    value: elu,
    slope: (x) => exp(minimum(x, 0)),
    curvature: (x) => mul(exp(minimum(x, 0)), sub(1, step(x))),
  },
} satisfies ActivationTable;

/** φ as a function that can be differentiated twice. Throws an `engine` fault where the table has no such. */
export function activation(id: Exclude<ActivationId, 'linear'>, table: ActivationTable): TensorFunction {
  const entry = table[id];
  if (!entry) {
    const accepted = [...Object.keys(table), 'linear'].join(', ');
    throw new EdgescopeError(
      'engine',
      `TensorFlow.js cannot differentiate ${id} twice: on this engine the activation is one of ${accepted}.`,
    );
  }
  const { value, slope, curvature } = entry;
  const derivative = differentiable(slope, (dy, x) => mul(dy, curvature(x)));
  return differentiable(value, (dy, x) => mul(dy, derivative(x)));
}
