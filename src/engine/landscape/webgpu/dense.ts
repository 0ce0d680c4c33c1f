/**
 * WGSL of the passes that lead to loss and gradient:
 *
 *   forward    z_l = a_{l−1} W_l + b_l,  a_l = φ(z_l)
 *   backward   e_l = δ_{l+1} W_{l+1}ᵀ,   δ_l = φ′ e_l
 *
 * `linearise` runs the same with more kept: φ″ on the way up, c = φ″ e on the way down.
 */
import type { LossId } from '../../../experiment/experiment';
import { NOT_FINITE, activationWgsl } from './activations';
import { reads, writes } from './kernel';
import { lossFunctions, lossWgsl } from './losses';
import type { Shape } from './shape';
import {
  backwardTiling,
  denseKernel,
  forwardTiling,
  laneStart,
  lossKernel,
  products,
  stores,
  type DenseKernel,
  type LaneCounts,
  type Term,
} from './tiles';

/**
 * Kernels of the forward pass. 'outputs': φ only, no loss; 'work': what a gradient needs; 'kept': what products need.
 * Bindings: theta, x (inputs), a, d1, c2, then targets, delta, losses where there is a loss.
 */
export function forwardKernels(
  shape: Shape,
  loss: LossId,
  mode: 'outputs' | 'work' | 'kept',
  lanes: LaneCounts,
): DenseKernel[] {
  const count = shape.layers.length;
  const kernels: DenseKernel[] = [];
  for (let l = 1; l <= count; l++) {
    const { tiling, fused } = forwardTiling(shape, l);
    const { bias } = shape.layers[l - 1];
    const term: Term =
      l === 1
        ? { matrix: 'theta', source: 'x', start: '0u' }
        : { matrix: 'theta', source: 'a', start: `base + ${shape.rowStarts[l - 1]}u` };
    const sums = `let thetaAt = ${laneStart(lanes.theta, shape.stride)};
  ${products(shape, tiling, [term], bias, bias < 0 ? null : 'theta')}`;
    const start = `base + ${shape.rowStarts[l]}u`;
    const bindings = [reads('theta', 'f32'), reads('x'), writes('a')];
    if (l < count) {
      const keep = mode === 'kept' ? 'c2[at] = phi.d2;' : '';
      const slopes = mode === 'outputs' ? '' : `d1[at] = phi.d1; ${keep}`;
      const value = (sum: string): string => `let phi = activate(${sum}); a[at] = phi.a; ${slopes}`;
      if (mode !== 'outputs') bindings.push(writes('d1'));
      if (mode === 'kept') bindings.push(writes('c2'));
      const functions = activationWgsl(shape.network.activation);
      kernels.push(
        denseKernel(
          shape,
          `forward ${l}`,
          tiling,
          bindings,
          functions,
          `${sums}\n  ${stores(shape, tiling, start, value)}`,
          1,
          lanes,
        ),
      );
      continue;
    }
    const body = `${sums}\n  ${stores(shape, tiling, start, (sum) => `a[at] = ${sum};`)}`;
    const lossBindings = [reads('targets'), writes('delta'), writes('losses')];
    if (mode === 'kept') lossBindings.push(writes('d1'), writes('c2'));
    const lossBody = lossWgsl(shape, loss, mode === 'kept');
    if (mode === 'outputs') kernels.push(denseKernel(shape, `outputs`, tiling, bindings, '', body, 1, lanes));
    else if (fused) {
      const functions = NOT_FINITE + lossFunctions(loss);
      kernels.push(
        denseKernel(
          shape,
          'outputs, loss',
          tiling,
          [...bindings, ...lossBindings],
          functions,
          body + lossBody,
          1,
          lanes,
        ),
      );
    } else {
      kernels.push(denseKernel(shape, 'outputs', tiling, bindings, '', body, 1, lanes));
      kernels.push(lossKernel(shape, 'loss', [writes('a'), ...lossBindings], lossFunctions(loss), lossBody, lanes));
    }
  }
  return kernels;
}

/** Kernels that carry δ down to the first hidden layer; where `keep`, c ← φ″ e on the way. */
export function backwardKernels(shape: Shape, keep: boolean, lanes: LaneCounts): DenseKernel[] {
  const kernels: DenseKernel[] = [];
  for (let l = shape.layers.length - 1; l >= 1; l--) {
    const tiling = backwardTiling(shape, l);
    const term: Term = { matrix: 'theta', source: 'delta', start: `base + ${shape.rowStarts[l + 1]}u` };
    const body = `let thetaAt = ${laneStart(lanes.theta, shape.stride)};
  ${products(shape, tiling, [term], -1, null)}
  ${stores(shape, tiling, `base + ${shape.rowStarts[l]}u`, (sum) => `delta[at] = d1[at] * ${sum}; ${keep ? `c2[at] *= ${sum};` : ''}`)}`;
    const bindings = [reads('theta', 'f32'), writes('delta'), reads('d1')];
    if (keep) bindings.push(writes('c2'));
    kernels.push(denseKernel(shape, `backward ${l}`, tiling, bindings, '', body, 1, lanes));
  }
  return kernels;
}
