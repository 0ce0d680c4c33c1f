/**
 * WGSL of the R-twins of the dense passes, which carry the derivative along a direction v = (V, v_b) of parameters
 * (Pearlmutter 1994, Fast exact multiplication by the Hessian):
 *
 *   R-forward  ż_l = a_{l−1} V_l + ȧ_{l−1} W_l + v_b,    ȧ_l = φ′ ż_l
 *   R-backward ė_l = δ_{l+1} V_{l+1}ᵀ + δ̇_{l+1} W_{l+1}ᵀ, δ̇_l = φ′ ė_l + φ″ e_l ż_l
 *
 * The R-forward pass leaves c ż, with the c = φ″ e of `linearise`, where the R-backward pass puts δ̇.
 */
import type { LossId } from '../../../experiment/experiment';
import { reads, writes } from './kernel';
import { lossCurvatureWgsl } from './losses';
import type { Shape } from './shape';
import { backwardTiling, denseKernel, forwardTiling, inputsStart, laneStart, outputKernels } from './tiles';
import type { DenseKernel, DensePass, LaneCounts, LossPass, Term } from './tiles';

/** Where a lane of the kept arrays starts, which may have one lane for all. */
const keptStart = (shape: Shape, lanes: LaneCounts): string =>
  `let keptBase = ${laneStart(lanes.kept, shape.laneSize)};`;
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
        ? [{ matrix: 'direction', source: 'x', start: inputsStart(shape, lanes) }]
        : [
            { matrix: 'direction', source: 'a', start: `keptBase + ${before}u` },
            { matrix: 'theta', source: 'adot', start: `base + ${before}u` },
          ];
    const bindings = [
      reads('theta', 'f32'),
      reads('direction', 'f32'),
      reads(l === 1 ? 'x' : 'a'),
      reads('d1'),
      reads('c2'),
      writes('adot'),
    ];
    const pass = {
      tiling,
      head: starts(shape, lanes),
      terms,
      ...(bias >= 0 && { bias: { matrix: 'direction' as const, offset: bias } }),
      layer: l,
    };
    if (l < count) {
      const hidden: DensePass = {
        ...pass,
        label: `R-forward ${l}`,
        bindings: [...bindings, writes('deltadot')],
        store: (sum) =>
          `let kept = keptBase + at - base; adot[at] = d1[kept] * ${sum}; deltadot[at] = c2[kept] * ${sum};`,
      };
      kernels.push(denseKernel(shape, lanes, hidden));
      continue;
    }
    const outputs: DensePass = { ...pass, label: 'R-outputs', bindings, store: (sum) => `adot[at] = ${sum};` };
    const lossPass: LossPass = {
      label: 'R-loss',
      bindings: [writes('deltadot')],
      body: lossCurvatureWgsl(shape, loss),
    };
    const apart = {
      bindings: [reads('d1'), reads('c2'), writes('adot'), writes('deltadot')],
      head: keptStart(shape, lanes),
    };
    kernels.push(...outputKernels(shape, lanes, outputs, fused, lossPass, apart));
  }
  return kernels;
}

/** Kernels that carry δ̇ down to the first hidden layer. */
export function rBackwardKernels(shape: Shape, lanes: LaneCounts): DenseKernel[] {
  const kernels: DenseKernel[] = [];
  for (let l = shape.layers.length - 1; l >= 1; l--) {
    const above = shape.rowStarts[l + 1];
    const pass: DensePass = {
      label: `R-backward ${l}`,
      tiling: backwardTiling(shape, l),
      bindings: [reads('theta', 'f32'), reads('direction', 'f32'), reads('delta'), reads('d1'), writes('deltadot')],
      head: starts(shape, lanes),
      terms: [
        { matrix: 'direction', source: 'delta', start: `keptBase + ${above}u` },
        { matrix: 'theta', source: 'deltadot', start: `base + ${above}u` },
      ],
      layer: l,
      store: (sum) => `deltadot[at] += d1[keptBase + at - base] * ${sum};`,
    };
    kernels.push(denseKernel(shape, lanes, pass));
  }
  return kernels;
}
