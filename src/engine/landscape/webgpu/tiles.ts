/**
 * What the dense kernels share: one thread computes a tile of rows × columns in registers, each column four examples,
 * over one product or two into the same accumulators. The bias is where the accumulators start. Lanes are the
 * workgroup's z; an operand of one lane serves all.
 */
import { NOT_FINITE } from './activations';
import type { Binding, Kernel } from './kernel';
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
export interface Term {
  readonly matrix: 'theta' | 'direction';
  readonly source: string;
  /** Index of the source's row 0 at column 0. */
  readonly start: string;
}

export interface Tiling {
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
export function products(
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
export function stores(shape: Shape, tiling: Tiling, start: string, value: (sum: string) => string): string {
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

/** One thread for each tile of rows and columns; `body` sees `column`, `row`, `lane` and the lane's `base`. */
export function denseKernel(
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

/** Layer l forward; `fused` where one thread has all outputs and can go on to the loss. */
export function forwardTiling(shape: Shape, l: number): { tiling: Tiling; fused: boolean } {
  const { fanIn, fanOut, weights } = shape.layers[l - 1];
  const last = l === shape.layers.length;
  const fused = last && fanOut <= FUSED_OUTPUTS;
  const rowTile = fused ? fanOut : rowsPerThread(fanOut, shape.rowTile);
  const columnTile = fused ? 1 : shape.columnTile;
  const tiling = { rows: fanOut, depth: fanIn, first: weights, rowStep: 1, depthStep: fanOut, rowTile, columnTile };
  return { tiling, fused };
}

/** One thread for each column, on all outputs. */
export function lossKernel(
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

/** From layer l + 1 back to layer l. */
export function backwardTiling(shape: Shape, l: number): Tiling {
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
