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
import { backwardTiling, denseKernel, forwardTiling, inputsStart, laneStart, outputKernels } from './tiles';
import type { DenseKernel, DensePass, LaneCounts, LossPass, Term } from './tiles';

const thetaStart = (shape: Shape, lanes: LaneCounts): string =>
  `let thetaAt = ${laneStart(lanes.theta, shape.stride)};`;

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
        ? { matrix: 'theta', source: 'x', start: inputsStart(shape, lanes) }
        : { matrix: 'theta', source: 'a', start: `base + ${shape.rowStarts[l - 1]}u` };
    const bindings = [reads('theta', 'f32'), reads('x'), writes('a')];
    const pass = {
      tiling,
      head: thetaStart(shape, lanes),
      terms: [term],
      ...(bias >= 0 && { bias: { matrix: 'theta' as const, offset: bias } }),
      layer: l,
    };
    if (l < count) {
      if (mode !== 'outputs') bindings.push(writes('d1'));
      if (mode === 'kept') bindings.push(writes('c2'));
      const keep = mode === 'kept' ? 'c2[at] = phi.d2;' : '';
      const slopes = mode === 'outputs' ? '' : `d1[at] = phi.d1; ${keep}`;
      const hidden: DensePass = {
        ...pass,
        label: `forward ${l}`,
        bindings,
        functions: activationWgsl(shape.network.activation),
        store: (sum) => `let phi = activate(${sum}); a[at] = phi.a; ${slopes}`,
      };
      kernels.push(denseKernel(shape, lanes, hidden));
      continue;
    }
    const outputs: DensePass = { ...pass, label: 'outputs', bindings, store: (sum) => `a[at] = ${sum};` };
    if (mode === 'outputs') {
      kernels.push(denseKernel(shape, lanes, outputs));
      continue;
    }
    const lossBindings = [reads('targets'), writes('delta'), writes('losses')];
    if (mode === 'kept') lossBindings.push(writes('d1'), writes('c2'));
    const lossPass: LossPass = {
      label: 'loss',
      functions: NOT_FINITE + lossFunctions(loss),
      bindings: lossBindings,
      body: lossWgsl(shape, loss, mode === 'kept', lanes),
    };
    const apart = { bindings: [writes('a'), ...lossBindings], head: '' };
    kernels.push(...outputKernels(shape, lanes, outputs, fused, lossPass, apart));
  }
  return kernels;
}

/** Kernels that carry δ down to the first hidden layer; where `keep`, c ← φ″ e on the way. */
export function backwardKernels(shape: Shape, keep: boolean, lanes: LaneCounts): DenseKernel[] {
  const kernels: DenseKernel[] = [];
  for (let l = shape.layers.length - 1; l >= 1; l--) {
    const bindings = [reads('theta', 'f32'), writes('delta'), reads('d1')];
    if (keep) bindings.push(writes('c2'));
    const pass: DensePass = {
      label: `backward ${l}`,
      tiling: backwardTiling(shape, l),
      bindings,
      head: thetaStart(shape, lanes),
      terms: [{ matrix: 'theta', source: 'delta', start: `base + ${shape.rowStarts[l + 1]}u` }],
      layer: l,
      store: (sum) => `delta[at] = d1[at] * ${sum}; ${keep ? `c2[at] *= ${sum};` : ''}`,
    };
    kernels.push(denseKernel(shape, lanes, pass));
  }
  return kernels;
}
