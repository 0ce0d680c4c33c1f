/**
 * How each operation of the vector algebra becomes dispatches, for one set of operands. Made once and replayed
 * (`algebra.ts`); lane counts are checked here, where a new set of operands is first met.
 */
import { checkLanes } from '../counts';
import {
  addBlocks,
  bind,
  elementwise,
  reduction,
  scalar,
  scratch,
  vector,
  type Bound,
  type Layout,
} from './algebra-kernels';
import type { Dispatch } from './kernel';
import type { Kernels } from './kernels';
import type { GpuScalar, GpuVector } from './operands';

/** Unit round-off of f32. */
export const ROUNDOFF = 1 / 16777216;

/** A vec4f of a vector from memory takes as long as so many floating-point operations elsewhere (measured). */
export const WORK = 40;

export class AlgebraPlans {
  protected readonly layout: Layout;
  protected readonly kernels: Kernels;
  readonly #make: (label: string, bytes: number) => GPUBuffer;
  /** Partial sums, and before them the coefficients of a sweep. */
  readonly #scratch: GPUBuffer[] = [];

  constructor(layout: Layout, kernels: Kernels, make: (label: string, bytes: number) => GPUBuffer) {
    this.layout = layout;
    this.kernels = kernels;
    this.#make = make;
  }

  copy(x: GpuVector, y: GpuVector): readonly Dispatch[] {
    checkLanes(y, x);
    const bound = bind(this.layout, 'copy', { x: vector(x), y: vector(y, true) }, (p) =>
      elementwise(this.layout, `${p.y.vector} = ${p.x.vector};`),
    );
    return this.elements(bound, y.lanes);
  }

  scale(a: GpuScalar, x: GpuVector): readonly Dispatch[] {
    checkLanes(x, a);
    const bound = bind(this.layout, 'scale', { a: scalar(a), x: vector(x, true) }, (p) =>
      elementwise(this.layout, `${p.x.vector} *= ${p.a.scalar};`),
    );
    return this.elements(bound, x.lanes);
  }

  axpy(sign: 1 | -1, a: GpuScalar, x: GpuVector, y: GpuVector): readonly Dispatch[] {
    checkLanes(y, a, x);
    const operands = { a: scalar(a), x: vector(x), y: vector(y, true) };
    const bound = bind(this.layout, 'axpy', operands, (p) =>
      elementwise(this.layout, `${p.y.vector} ${sign === 1 ? '+' : '-'}= ${p.a.scalar} * ${p.x.vector};`),
    );
    return this.elements(bound, y.lanes);
  }

  /** `terms`: how many products each element takes. */
  protected elements({ kernel, parts }: Bound, lanes: number, terms = 1): readonly Dispatch[] {
    const { length4, group } = this.layout;
    const flops = WORK * length4 * lanes * terms;
    return this.kernels.dispatch(kernel, parts, [Math.ceil(length4 / group), lanes, 1], flops);
  }

  /**
   * Scratch of at least so many floats, one for each row of a basis; earlier plans keep the buffer that they are bound
   * to. What is left in it is of use to the next dispatches of the same operation only.
   */
  protected room(floats: number, row = 0): GPUBuffer {
    const known = this.#scratch[row] as GPUBuffer | undefined;
    if (known && known.size >= 4 * floats) return known;
    return (this.#scratch[row] = this.#make('scratch', 8 * floats));
  }

  /** out ← x · y, or a function of it: `value` in terms of `total`. */
  reduce(x: GpuVector, y: GpuVector, out: GpuScalar, value: string): readonly Dispatch[] {
    checkLanes(out, x, y);
    const { blocks } = this.layout;
    const { lanes } = out;
    if (blocks === 1) {
      const operands = { x: vector(x), y: vector(y), result: scalar(out, true) };
      const { kernel, parts } = bind(this.layout, 'dot', operands, (p) =>
        reduction(
          this.layout,
          `${p.x.vector} * ${p.y.vector}`,
          `if (local == 0u) { ${p.result.name}[lane] = ${value}; }`,
        ),
      );
      return this.kernels.dispatch(kernel, parts, [1, 1, lanes], WORK * this.layout.length4 * lanes);
    }
    const partial = this.room(blocks * lanes);
    const summed = this.#blockSums(x, y, partial, lanes);
    const finished = bind(
      this.layout,
      'add up',
      { partial: scratch(partial), result: scalar(out, true) },
      (p) => `
fn run(group: vec3u, local: vec3u) {
  let lane = group.x * ${this.layout.group}u + local.x;
  if (lane >= ${lanes}u) { return; }
  ${addBlocks(this.layout, p.partial.name, `lane * ${blocks}u`)}
  ${p.result.name}[lane] = ${value};
}`,
    );
    const groups = Math.ceil(lanes / this.layout.group);
    return [...summed, ...this.kernels.dispatch(finished.kernel, finished.parts, [groups, 1, 1], blocks * lanes)];
  }

  #blockSums(x: GpuVector, y: GpuVector, partial: GPUBuffer, lanes: number): readonly Dispatch[] {
    const { blocks, length4 } = this.layout;
    const operands = { x: vector(x), y: vector(y), partial: scratch(partial, true) };
    const { kernel, parts } = bind(this.layout, 'dot blocks', operands, (p) =>
      reduction(
        this.layout,
        `${p.x.vector} * ${p.y.vector}`,
        `if (local == 0u) { ${p.partial.name}[lane * ${blocks}u + block] = total; }`,
      ),
    );
    return this.kernels.dispatch(kernel, parts, [blocks, 1, lanes], WORK * length4 * lanes);
  }

  normalise(x: GpuVector, out: GpuVector, length: GpuScalar, reference: GpuScalar): readonly Dispatch[] {
    checkLanes(out, x, reference);
    if (length.lanes !== out.lanes) throw new Error(`${out.lanes} lengths do not go into ${length.lanes}`);
    const { blocks, group, length4 } = this.layout;
    const operands = { x: vector(x), q: vector(out, true), size: scalar(length, true), limit: scalar(reference) };
    const rule = (limit: string): string => `let norm = sqrt(total);
  let broken = norm <= ${8 * ROUNDOFF} * ${limit};
  let inverse = select(1.0 / norm, 0.0, broken);`;
    if (blocks === 1) {
      const { kernel, parts } = bind(this.layout, 'normalise', operands, (p) =>
        reduction(
          this.layout,
          `${p.x.vector} * ${p.x.vector}`,
          `${rule(p.limit.scalar)}
  for (var i = local; i < ${length4}u; i += ${group}u) { ${p.q.vector} = inverse * ${p.x.vector}; }
  if (local == 0u) { ${p.size.name}[lane] = select(norm, 0.0, broken); }`,
        ),
      );
      return this.kernels.dispatch(kernel, parts, [1, 1, out.lanes], 2 * WORK * length4 * out.lanes);
    }
    const partial = this.room(blocks * out.lanes);
    const sourceLane = x.lanes > 1 ? 'lane' : '0u';
    const { kernel, parts } = bind(this.layout, 'normalise', { ...operands, partial: scratch(partial) }, (p) =>
      elementwise(
        this.layout,
        `${addBlocks(this.layout, p.partial.name, `${sourceLane} * ${blocks}u`)}
  ${rule(p.limit.scalar)}
  ${p.q.vector} = inverse * ${p.x.vector};
  if (i == 0u) { ${p.size.name}[lane] = select(norm, 0.0, broken); }`,
      ),
    );
    return [...this.#blockSums(x, x, partial, x.lanes), ...this.elements({ kernel, parts }, out.lanes)];
  }
}
