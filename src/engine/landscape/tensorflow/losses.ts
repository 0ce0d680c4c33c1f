/**
 * The losses, each with its gradient δ = ∂L/∂f and the product (∂²L/∂f²) u in closed form, by any ops that give their
 * values. For softmax cross-entropy with target mass m = Σ y and p = softmax(f): δ = (m p − y)/n and
 * (∂²L/∂f²) u = m p ⊙ (u − p · u)/n.
 */
import { exp, log, max, mul, softmax, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { LossId } from '../../../experiment/experiment';
import { differentiable, type TensorFunction } from './twice';

/** f and u have shape [lanes, n, outputs], y has that or one lane. */
interface Loss {
  /** One loss a lane, [lanes, 1, 1]. */
  value(f: Tensor, y: Tensor): Tensor;
  slope(f: Tensor, y: Tensor): Tensor;
  curvature(f: Tensor, y: Tensor, u: Tensor): Tensor;
}

const share = (y: Tensor): number => 1 / y.shape[1]!;
/** Σ over the outputs, which stays an axis. */
const overOutputs = (x: Tensor): Tensor => sum(x, 2, true);

const LOSSES: Readonly<Record<LossId, Loss>> = {
  mse: {
    value: (f, y) => mul(sum(square(sub(f, y)), [1, 2], true), 0.5 * share(y)),
    slope: (f, y) => mul(sub(f, y), share(y)),
    curvature: (_f, y, u) => mul(u, share(y)),
  },
  ce: {
    // log Σ exp(f − f_max) − (f − f_max): the large parts of log Σ exp f and of f never meet.
    value: (f, y) => {
      const z = sub(f, max(f, 2, true));
      return mul(sum(mul(y, sub(log(overOutputs(exp(z))), z)), [1, 2], true), share(y));
    },
    slope: (f, y) => mul(sub(mul(softmax(f), overOutputs(y)), y), share(y)),
    curvature: (f, y, u) => {
      const p = softmax(f);
      return mul(mul(mul(p, overOutputs(y)), sub(u, overOutputs(mul(p, u)))), share(y));
    },
  },
};

/** f ↦ L(f, y), one a lane, as a function that can be differentiated twice. */
export function lossOf(id: LossId, y: Tensor): TensorFunction {
  const { value, slope, curvature } = LOSSES[id];
  const gradient = differentiable(
    (f) => slope(f, y),
    (u, f) => curvature(f, y, u),
  );
  return differentiable(
    (f) => value(f, y),
    (dy, f) => mul(dy, gradient(f)),
  );
}
