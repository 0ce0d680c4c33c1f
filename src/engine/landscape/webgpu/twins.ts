/**
 * WGSL of the R-twins of the dense passes, which carry the derivative along a direction v = (V, v_b) of parameters
 * (Pearlmutter 1994, Fast exact multiplication by the Hessian):
 *
 *   R-forward  ż_l = a_{l−1} V_l + ȧ_{l−1} W_l + v_b,    ȧ_l = φ′ ż_l
 *   R-backward ė_l = δ_{l+1} V_{l+1}ᵀ + δ̇_{l+1} W_{l+1}ᵀ, δ̇_l = φ′ ė_l + φ″ e_l ż_l
 *
 * The R-forward pass leaves q = c ż, with the c = φ″ e of `linearise`, for the R-backward one.
 */
import type { LossId } from '../../../experiment/experiment';
import { reads, writes } from './kernel';
import { lossCurvatureWgsl } from './losses';
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

/** Where a lane of the kept arrays starts, which may have one lane for all. */
const keptStart = (shape: Shape, lanes: LaneCounts): string =>
  `let keptBase = ${laneStart(lanes.theta, shape.laneSize)};`;
const starts = (shape: Shape, lanes: LaneCounts): string => `${keptStart(shape, lanes)}
  let thetaAt = ${laneStart(lanes.theta, shape.stride)};
  let directionAt = ${laneStart(lanes.direction, shape.stride)};`;

/** Kernels of the R-forward pass, up to δ̇ at the outputs. */
export function rForwardKernels(shape: Shape, loss: LossId, lanes: LaneCounts): DenseKernel[] {
  const count = shape.layers.length;
  const kernels: DenseKernel[] = [];
  for (let l = 1; l <= count; l++) {
    const { tiling, fused } = forwardTiling(shape, l);
    const { bias } = shape.layers[l - 1];
    const before = shape.rowStarts[l - 1];
    const terms: Term[] =
      l === 1
        ? [{ matrix: 'direction', source: 'x', start: '0u' }]
        : [
            { matrix: 'direction', source: 'a', start: `keptBase + ${before}u` },
            { matrix: 'theta', source: 'adot', start: `base + ${before}u` },
          ];
    const sums = `${starts(shape, lanes)}
  ${products(shape, tiling, terms, bias, bias < 0 ? null : 'direction')}`;
    const start = `base + ${shape.rowStarts[l]}u`;
    const bindings = [
      reads('theta', 'f32'),
      reads('direction', 'f32'),
      reads(l === 1 ? 'x' : 'a'),
      reads('d1'),
      reads('c2'),
      writes('adot'),
    ];
    if (l < count) {
      const value = (sum: string): string =>
        `let kept = keptBase + at - base; adot[at] = d1[kept] * ${sum}; q[at] = c2[kept] * ${sum};`;
      const body = `${sums}\n  ${stores(shape, tiling, start, value)}`;
      kernels.push(
        denseKernel(shape, `R-forward ${l}`, tiling, [...bindings, writes('q')], '', body, terms.length, lanes),
      );
      continue;
    }
    const body = `${sums}\n  ${stores(shape, tiling, start, (sum) => `adot[at] = ${sum};`)}`;
    const curvature = lossCurvatureWgsl(shape, loss);
    if (fused) {
      kernels.push(
        denseKernel(
          shape,
          'R-outputs, loss',
          tiling,
          [...bindings, writes('deltadot')],
          '',
          body + curvature,
          terms.length,
          lanes,
        ),
      );
    } else {
      kernels.push(denseKernel(shape, 'R-outputs', tiling, bindings, '', body, terms.length, lanes));
      const lossBindings = [reads('d1'), reads('c2'), writes('adot'), writes('deltadot')];
      kernels.push(lossKernel(shape, 'R-loss', lossBindings, '', keptStart(shape, lanes) + curvature, lanes));
    }
  }
  return kernels;
}

/** Kernels that carry δ̇ down to the first hidden layer. */
export function rBackwardKernels(shape: Shape, lanes: LaneCounts): DenseKernel[] {
  const kernels: DenseKernel[] = [];
  for (let l = shape.layers.length - 1; l >= 1; l--) {
    const tiling = backwardTiling(shape, l);
    const above = shape.rowStarts[l + 1];
    const terms: Term[] = [
      { matrix: 'direction', source: 'delta', start: `keptBase + ${above}u` },
      { matrix: 'theta', source: 'deltadot', start: `base + ${above}u` },
    ];
    const body = `${starts(shape, lanes)}
  ${products(shape, tiling, terms, -1, null)}
  ${stores(shape, tiling, `base + ${shape.rowStarts[l]}u`, (sum) => `deltadot[at] = d1[keptBase + at - base] * ${sum} + q[at];`)}`;
    const bindings = [
      reads('theta', 'f32'),
      reads('direction', 'f32'),
      reads('delta'),
      reads('d1'),
      reads('q'),
      writes('deltadot'),
    ];
    kernels.push(denseKernel(shape, `R-backward ${l}`, tiling, bindings, '', body, 2, lanes));
  }
  return kernels;
}
