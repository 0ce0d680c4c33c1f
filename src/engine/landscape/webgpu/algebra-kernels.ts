/**
 * WGSL of the vector algebra. Elementwise kernels take one vec4f a thread; reductions run in a fixed order, in one
 * workgroup for short vectors and in blocks with a second dispatch for long ones. The padding behind P is never read
 * into a sum. Operands that are the same vector share one binding, and a read operand whose buffer is also written is
 * bound for writing too: WebGPU allows no buffer to be both in one dispatch.
 */
import type { Kernel, Part } from './kernel';
import type { GpuScalar, GpuVector } from './operands';
import { strideOf, type Tuning } from './shape';

export interface Layout {
  /** P. */
  readonly parameters: number;
  /** vec4f from lane to lane. */
  readonly stride4: number;
  /** vec4f that hold parameters. */
  readonly length4: number;
  /** Threads of a workgroup. */
  readonly group: number;
  /** Blocks into which a reduction is cut. */
  readonly blocks: number;
}

/** Elements (vec4f) that one workgroup sums. */
const BLOCK = 4096;
const MOST_BLOCKS = 64;

export function layoutOf(parameters: number, tuning: Tuning): Layout {
  const length4 = Math.ceil(parameters / 4);
  return {
    parameters,
    stride4: strideOf(parameters) / 4,
    length4,
    group: tuning === 'hardware' ? 256 : 16,
    blocks: Math.min(MOST_BLOCKS, Math.ceil(length4 / BLOCK)),
  };
}

export interface Operand {
  readonly part: Part & { readonly buffer: GPUBuffer };
  /** Lanes; what has no lanes of its own (scratch) is indexed by hand. */
  readonly lanes: number;
  readonly writes: boolean;
  readonly type: 'f32' | 'vec4f';
  /** Whether the code asks for the length of the array, which then cannot be written into its type. */
  readonly open?: boolean;
}

export const vector = (part: GpuVector, writes = false): Operand => ({
  part,
  lanes: part.lanes,
  writes,
  type: 'vec4f',
});
export const scalar = (part: GpuScalar, writes = false): Operand => ({ part, lanes: part.lanes, writes, type: 'f32' });
export const scratch = (buffer: GPUBuffer, writes = false): Operand => ({
  part: { buffer },
  lanes: 1,
  writes,
  type: 'f32',
  open: true,
});

export interface Bound {
  readonly kernel: Kernel;
  readonly parts: readonly Part[];
}

/** Places in the code: `x[at]` of an operand for the thread's element, `x[lane]` of a scalar. */
type Places = Record<string, { readonly name: string; readonly vector: string; readonly scalar: string }>;

/** A kernel over named operands, whose code is written in their places. */
export function bind(
  layout: Layout,
  label: string,
  operands: Readonly<Record<string, Operand>>,
  code: (places: Places) => string,
): Bound {
  const entries = Object.entries(operands);
  const written = new Set(entries.filter(([, o]) => o.writes).map(([, o]) => o.part.buffer));
  const kept: { name: string; operand: Operand; writes: boolean }[] = [];
  const places: Places = {};
  for (const [name, operand] of entries) {
    const same = kept.find((k) => k.operand.part === operand.part);
    if (same) same.writes ||= operand.writes;
    else kept.push({ name, operand, writes: operand.writes || written.has(operand.part.buffer) });
    const at = same?.name ?? name;
    const lane = operand.lanes > 1 ? `lane * ${layout.stride4}u + ` : '';
    places[name] = { name: at, vector: `${at}[${lane}i]`, scalar: `${at}[${operand.lanes > 1 ? 'lane' : '0'}]` };
  }
  return {
    kernel: {
      label,
      workgroup: [layout.group, 1],
      bindings: kept.map(({ name, operand: { type, lanes, open }, writes }) => {
        const count = type === 'vec4f' ? lanes * layout.stride4 : lanes;
        return open ? { name, type, writes } : { name, type, writes, count };
      }),
      code: code(places),
    },
    parts: kept.map(({ operand }) => operand.part),
  };
}

/** A thread for each vec4f `i` of each `lane`. */
export function elementwise(layout: Layout, body: string): string {
  return `
fn run(group: vec3u, local: vec3u) {
  let i = group.x * ${layout.group}u + local.x;
  let lane = group.y;
  if (i >= ${layout.length4}u) { return; }
  ${body}
}`;
}

/** The padding in the last vec4f, taken out of a product. */
function masked(layout: Layout, product: string): string {
  const rest = layout.parameters % 4;
  if (rest === 0) return `sum += ${product};`;
  const keep = [0, 1, 2, 3].map((c) => (c < rest ? 'true' : 'false')).join(', ');
  return `let term = ${product};
    sum += select(term, select(vec4f(0.0), term, vec4<bool>(${keep})), i == ${layout.length4 - 1}u);`;
}

/**
 * A workgroup for each block of each lane (and of each basis vector, workgroup y, as `member`): Σ over the block of the
 * four products in `product`, left to `finish` as `total`, seen by every thread.
 */
export function reduction(layout: Layout, product: string, finish: string): string {
  const { group, blocks, length4 } = layout;
  const block = Math.ceil(length4 / blocks);
  const halves: string[] = [];
  for (let half = group / 2; half >= 1; half /= 2) {
    halves.push(`if (local < ${half}u) { shared_sums[local] += shared_sums[local + ${half}u]; }
  workgroupBarrier();`);
  }
  return `
var<workgroup> shared_sums: array<f32, ${group}>;
fn run(id: vec3u, place: vec3u) {
  let local = place.x;
  let block = id.x;
  let member = id.y;
  let lane = id.z;
  var sum = vec4f(0.0);
  for (var i = block * ${block}u + local; i < min((block + 1u) * ${block}u, ${length4}u); i += ${group}u) {
    ${masked(layout, product)}
  }
  shared_sums[local] = dot(sum, vec4f(1.0));
  workgroupBarrier();
  ${halves.join('\n  ')}
  let total = shared_sums[0];
  ${finish}
}`;
}

/** Statements that add up the blocks of `partial` from float `start` on into `total`. */
export function addBlocks(layout: Layout, partial: string, start: string): string {
  return `var total = 0.0;
  for (var b = 0u; b < ${layout.blocks}u; b++) { total += ${partial}[${start} + b]; }`;
}
