/**
 * WGSL of the dense layers: forward, backward, and their R-twins (Pearlmutter 1994). One thread computes a tile of
 * rows × columns in registers, each column four examples; a twin runs both of its products into the same accumulators.
 * The bias is where the accumulators start. Lanes are the workgroup's z; an operand of one lane serves all.
 *
 *   forward    z_l = a_{l−1} W_l + b_l,               a_l = φ(z_l)
 *   backward   e_l = δ_{l+1} W_{l+1}ᵀ,                δ_l = φ′ e_l
 *   R-forward  ż_l = a_{l−1} V_l + ȧ_{l−1} W_l + v_b, ȧ_l = φ′ ż_l
 *   R-backward ė_l = δ_{l+1} V_{l+1}ᵀ + δ̇_{l+1} W_{l+1}ᵀ, δ̇_l = φ′ ė_l + φ″ e_l ż_l
 *
 * `linearise` keeps c = φ″ e, and the R-forward pass leaves q = c ż for the R-backward one.
 */
import type { LossId } from '../../../experiment/experiment';
import { NOT_FINITE, activationWgsl } from './activations';
import { reads, writes, type Binding, type Kernel } from './kernel';
import { lossCurvatureWgsl, lossFunctions, lossWgsl } from './losses';
import { rowsPerThread, type Shape } from './shape';

/** Up to so many outputs, the thread that computes them goes on to the loss; beyond, the loss is a dispatch of its own. */
const FUSED_OUTPUTS = 16;

export interface DenseKernel extends Kernel {
  /** Workgroups over columns and rows. */
  readonly size: readonly [number, number];
  /** Floating-point operations a lane. */
  readonly flops: number;
}

/** One matrix product of a thread's tile: weights (`matrix` at float `base`) times rows of `source`. */
interface Term {
  readonly matrix: 'theta' | 'direction';
  readonly source: string;
  /** Index of the source's row 0 at column 0. */
  readonly start: string;
}

interface Tiling {
  readonly rows: number;
  readonly depth: number;
  /** Offset in θ of the weight that ties output row r and source row k is  first + r · rowStep + k · depthStep. */
  readonly first: number;
  readonly rowStep: number;
  readonly depthStep: number;
  readonly rowTile: number;
  readonly columnTile: number;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Lane counts of the operands: of θ and all that is kept at it, of the direction, and of the result. */
export interface LaneCounts {
  readonly theta: number;
  readonly direction: number;
  readonly out: number;
}

/** Start of a lane in an operand; one lane serves all. */
export function laneStart(lanes: number, stride: number): string {
  return lanes > 1 ? `lane * ${stride}u` : '0u';
}

/** Statements that leave the tile's sums in `s<r>_<c>`. `bias`: matrices whose bias starts the sums, at `biasOffset`. */
function products(
  shape: Shape,
  tiling: Tiling,
  terms: readonly Term[],
  biasOffset: number,
  biasFrom: string | null,
): string {
  const { columns } = shape;
  const { rows, depth, rowTile, columnTile } = tiling;
  const tile = range(rowTile);
  const cols = range(columnTile);
  const guarded = rows % rowTile !== 0;
  const lines = tile.map((r) => `let row${r} = ${guarded ? `min(row + ${r}u, ${rows - 1}u)` : `row + ${r}u`};`);
  for (const r of tile) {
    const start = biasFrom === null ? 'vec4f(0.0)' : `vec4f(${biasFrom}[${biasFrom}At + ${biasOffset}u + row${r}])`;
    for (const c of cols) lines.push(`var s${r}_${c} = ${start};`);
  }
  for (const { matrix, source, start } of terms) {
    const body: string[] = [];
    for (const c of cols) body.push(`let x${c} = ${source}[cursor + ${c * (columns / columnTile)}u];`);
    for (const r of tile) {
      const index = tiling.depthStep === 1 ? `w${r} + k` : `w + row${r}`;
      body.push(`let m${r} = ${matrix}[${index}];`);
    }
    for (const r of tile) for (const c of cols) body.push(`s${r}_${c} += m${r} * x${c};`);
    const bases =
      tiling.depthStep === 1
        ? tile.map((r) => `let w${r} = ${matrix}At + ${tiling.first}u + row${r} * ${tiling.rowStep}u;`)
        : [`var w = ${matrix}At + ${tiling.first}u;`];
    const advance = tiling.depthStep === 1 ? '' : `w += ${tiling.depthStep}u;`;
    lines.push(`{
    var cursor = ${start} + column;
    ${bases.join('\n    ')}
    for (var k = 0u; k < ${depth}u; k++) {
      ${body.join('\n      ')}
      cursor += ${columns}u; ${advance}
    }
  }`);
  }
  return lines.join('\n  ');
}

/** A store for every sum of the tile; `value` sees the row's place as `at`. */
function stores(shape: Shape, tiling: Tiling, start: string, value: (sum: string) => string): string {
  const { columns } = shape;
  const { rows, rowTile, columnTile } = tiling;
  const lines: string[] = [];
  for (const r of range(rowTile)) {
    for (const c of range(columnTile)) {
      const guard = rows % rowTile === 0 || r === 0 ? '' : `if (row + ${r}u < ${rows}u) `;
      const at = `${start} + row${r} * ${columns}u + column + ${c * (columns / columnTile)}u`;
      lines.push(`${guard}{ let at = ${at}; ${value(`s${r}_${c}`)} }`);
    }
  }
  return lines.join('\n  ');
}

function kernel(
  shape: Shape,
  label: string,
  tiling: Tiling,
  bindings: readonly Binding[],
  functions: string,
  body: string,
  terms: number,
  lanes: LaneCounts,
): DenseKernel {
  const { rows, depth, rowTile, columnTile } = tiling;
  const [gx, gy] = shape.group;
  const across = shape.columns / columnTile;
  const down = Math.ceil(rows / rowTile);
  const groupY = Math.min(gy, down);
  return {
    label,
    bindings,
    code: `${functions}
@compute @workgroup_size(${gx}, ${groupY})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y * ${rowTile}u;
  let lane = id.z;
  if (column >= ${across}u || row >= ${rows}u) { return; }
  let base = ${laneStart(lanes.out, shape.laneSize)};
  ${body}
}`,
    size: [Math.ceil(across / gx), Math.ceil(down / groupY)],
    flops: 2 * terms * rows * depth * shape.columns * 4,
  };
}

function forwardTiling(shape: Shape, l: number): { tiling: Tiling; fused: boolean } {
  const { fanIn, fanOut, weights } = shape.layers[l - 1];
  const last = l === shape.layers.length;
  const fused = last && fanOut <= FUSED_OUTPUTS;
  const rowTile = fused ? fanOut : rowsPerThread(fanOut, shape.rowTile);
  const columnTile = fused ? 1 : shape.columnTile;
  const tiling = { rows: fanOut, depth: fanIn, first: weights, rowStep: 1, depthStep: fanOut, rowTile, columnTile };
  return { tiling, fused };
}

function lossKernel(
  shape: Shape,
  label: string,
  bindings: readonly Binding[],
  functions: string,
  body: string,
  lanes: LaneCounts,
): DenseKernel {
  const threads = shape.group[0] * shape.group[1];
  return {
    label,
    bindings,
    code: `${NOT_FINITE}${functions}
@compute @workgroup_size(${threads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let lane = id.z;
  if (column >= ${shape.columns}u) { return; }
  let base = ${laneStart(lanes.out, shape.laneSize)};
  ${body}
}`,
    size: [Math.ceil(shape.columns / threads), 1],
    flops: 40 * shape.outputs * shape.columns * 4,
  };
}

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
        kernel(
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
    if (mode === 'outputs') kernels.push(kernel(shape, `outputs`, tiling, bindings, '', body, 1, lanes));
    else if (fused) {
      const functions = NOT_FINITE + lossFunctions(loss);
      kernels.push(
        kernel(shape, 'outputs, loss', tiling, [...bindings, ...lossBindings], functions, body + lossBody, 1, lanes),
      );
    } else {
      kernels.push(kernel(shape, 'outputs', tiling, bindings, '', body, 1, lanes));
      kernels.push(lossKernel(shape, 'loss', [writes('a'), ...lossBindings], lossFunctions(loss), lossBody, lanes));
    }
  }
  return kernels;
}

function backwardTiling(shape: Shape, l: number): Tiling {
  const { fanIn, fanOut, weights } = shape.layers[l];
  return {
    rows: fanIn,
    depth: fanOut,
    first: weights,
    rowStep: fanOut,
    depthStep: 1,
    rowTile: rowsPerThread(fanIn, shape.rowTile),
    columnTile: shape.columnTile,
  };
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
    kernels.push(kernel(shape, `backward ${l}`, tiling, bindings, '', body, 1, lanes));
  }
  return kernels;
}

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
      kernels.push(kernel(shape, `R-forward ${l}`, tiling, [...bindings, writes('q')], '', body, terms.length, lanes));
      continue;
    }
    const body = `${sums}\n  ${stores(shape, tiling, start, (sum) => `adot[at] = ${sum};`)}`;
    const curvature = lossCurvatureWgsl(shape, loss);
    if (fused) {
      kernels.push(
        kernel(
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
      kernels.push(kernel(shape, 'R-outputs', tiling, bindings, '', body, terms.length, lanes));
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
    kernels.push(kernel(shape, `R-backward ${l}`, tiling, bindings, '', body, 2, lanes));
  }
  return kernels;
}
