/**
 * What the dense kernels share: one thread computes a tile of rows × columns in registers, each column four examples,
 * over one product or two into the same accumulators. The bias is where the accumulators start. Lanes are the
 * workgroup's z; an operand of one lane serves all.
 */
import type { Binding, Kernel } from './kernel';
import { rowsPerThread, type Shape } from './shape';

/** Up to so many outputs, the thread that computes them goes on to the loss; beyond, the loss is a dispatch of its own. */
const FUSED_OUTPUTS = 16;
/** Threads of a workgroup along the columns at most. */
const MOST_THREADS_ACROSS = 64;

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

/** A product of matrices and what is done with its sums. */
export interface DensePass {
  readonly label: string;
  readonly tiling: Tiling;
  readonly bindings: readonly Binding[];
  /** Declarations that the statements need. */
  readonly functions?: string;
  /** Statements before the sums: where the lanes of the operands start. */
  readonly head: string;
  readonly terms: readonly Term[];
  /** The bias where the sums start, at this offset; left out, they start at 0. */
  readonly bias?: { readonly matrix: Term['matrix']; readonly offset: number };
  /** Layer of the result. */
  readonly layer: number;
  /** What becomes of each sum; its place in the lane is `at`. */
  readonly store: (sum: string) => string;
}

/** Statements on all outputs of a column. */
export interface LossPass {
  readonly label: string;
  readonly functions?: string;
  readonly bindings: readonly Binding[];
  readonly body: string;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Lane counts of the operands. */
export interface LaneCounts {
  readonly theta: number;
  /** Of the inputs and targets: one, unless they are a batch of its own for each lane. */
  readonly data: number;
  /** Of what a pass leaves at θ on the data: the larger of the two. */
  readonly kept: number;
  readonly direction: number;
  /** Of the result. */
  readonly out: number;
}

/** One lane of everything. */
export const ONE_LANE: LaneCounts = { theta: 1, data: 1, kept: 1, direction: 1, out: 1 };

/** Start of a lane in an operand; one lane serves all. */
export function laneStart(lanes: number, stride: number): string {
  return lanes > 1 ? `lane * ${stride}u` : '0u';
}

/** Start of a lane of the inputs. */
export function inputsStart(shape: Shape, lanes: LaneCounts): string {
  return laneStart(lanes.data, shape.inputs * shape.columns);
}

/** Statements that leave the tile's sums in `s<r>_<c>`. */
function products(shape: Shape, { tiling, terms, bias }: DensePass): string {
  const { columns } = shape;
  const { rows, depth, rowTile, columnTile } = tiling;
  const tile = range(rowTile);
  const cols = range(columnTile);
  const guarded = rows % rowTile !== 0;
  const lines = tile.map((r) => `let row${r} = ${guarded ? `min(row + ${r}u, ${rows - 1}u)` : `row + ${r}u`};`);
  for (const r of tile) {
    const start = bias ? `vec4f(${bias.matrix}[${bias.matrix}At + ${bias.offset}u + row${r}])` : 'vec4f(0.0)';
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

/** A store for every sum of the tile. */
function stores(shape: Shape, { tiling, layer, store }: DensePass): string {
  const { columns } = shape;
  const { rows, rowTile, columnTile } = tiling;
  const start = `base + ${shape.rowStarts[layer]}u`;
  const lines: string[] = [];
  for (const r of range(rowTile)) {
    for (const c of range(columnTile)) {
      const guard = rows % rowTile === 0 || r === 0 ? '' : `if (row + ${r}u < ${rows}u) `;
      const at = `${start} + row${r} * ${columns}u + column + ${c * (columns / columnTile)}u`;
      lines.push(`${guard}{ let at = ${at}; ${store(`s${r}_${c}`)} }`);
    }
  }
  return lines.join('\n  ');
}

/**
 * Threads of a workgroup along the columns: as many as leave enough workgroups, of which there are `beside` for each piece
 * of a row. The pieces are alike: on the software adapter, threads beyond the end seem to take as long as others.
 */
function columnsPerGroup({ group: [fewest], groupsWanted }: Shape, across: number, beside: number): number {
  const groups = Math.max(Math.ceil(groupsWanted / beside), Math.ceil(across / MOST_THREADS_ACROSS));
  return Math.max(1, Math.ceil(across / groups / fewest)) * fewest;
}

/** One thread for each tile of rows and columns; `tail` follows the stores and sees `column`, `lane` and its `base`. */
export function denseKernel(shape: Shape, lanes: LaneCounts, pass: DensePass, tail = ''): DenseKernel {
  const { label, tiling, bindings, functions = '', head, terms } = pass;
  const { rows, depth, rowTile, columnTile } = tiling;
  const across = shape.columns / columnTile;
  const down = Math.ceil(rows / rowTile);
  const groupY = Math.min(shape.group[1], down);
  const gx = columnsPerGroup(shape, across, Math.ceil(down / groupY) * lanes.out);
  return {
    label,
    bindings,
    workgroup: [gx, groupY],
    code: `${functions}
fn run(group: vec3u, local: vec3u) {
  let column = group.x * ${gx}u + local.x;
  let row = (group.y * ${groupY}u + local.y) * ${rowTile}u;
  let lane = group.z;
  if (column >= ${across}u || row >= ${rows}u) { return; }
  let base = ${laneStart(lanes.out, shape.laneSize)};
  ${head}
  ${products(shape, pass)}
  ${stores(shape, pass)}
  ${tail}
}`,
    size: [Math.ceil(across / gx), Math.ceil(down / groupY)],
    flops: 2 * terms.length * rows * depth * shape.columns * 4,
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

/** The last layer and the loss on it: one kernel where a thread has all outputs, else `apart` follows. */
export function outputKernels(
  shape: Shape,
  lanes: LaneCounts,
  pass: DensePass,
  fused: boolean,
  loss: LossPass,
  apart: Pick<LossPass, 'bindings'> & { readonly head: string },
): DenseKernel[] {
  if (!fused) {
    const alone = { ...loss, bindings: apart.bindings, body: apart.head + loss.body };
    return [denseKernel(shape, lanes, pass), lossKernel(shape, lanes, alone)];
  }
  const functions = loss.functions ?? '';
  const together = { ...pass, label: `${pass.label}, loss`, functions, bindings: [...pass.bindings, ...loss.bindings] };
  return [denseKernel(shape, lanes, together, loss.body)];
}

/** One thread for each column, on all outputs. */
function lossKernel(shape: Shape, lanes: LaneCounts, loss: LossPass): DenseKernel {
  const { label, bindings, functions = '', body } = loss;
  const threads = shape.group[0] * shape.group[1];
  return {
    label,
    bindings,
    workgroup: [threads, 1],
    code: `${functions}
fn run(group: vec3u, local: vec3u) {
  let column = group.x * ${threads}u + local.x;
  let lane = group.z;
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
