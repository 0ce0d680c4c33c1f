/**
 * How each operation of the vector algebra becomes dispatches, for one set of operands. Made once and replayed
 * (`algebra.ts`); lane counts are checked here, where a new set of operands is first met.
 */
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
import { reads, writes, type Dispatch, type KernelCache } from './kernel';
import { checkLanes, rowOf, scalarSpacing, type GpuScalar, type GpuVector } from './operands';

/** Unit round-off of f32. */
export const ROUNDOFF = 1 / 16777216;

export class AlgebraPlans {
  readonly #layout: Layout;
  readonly #kernels: KernelCache;
  readonly #make: (label: string, bytes: number) => GPUBuffer;
  /** Partial sums, and before them the coefficients of a sweep. */
  #scratch: GPUBuffer | null = null;

  constructor(layout: Layout, kernels: KernelCache, make: (label: string, bytes: number) => GPUBuffer) {
    this.#layout = layout;
    this.#kernels = kernels;
    this.#make = make;
  }

  copy(x: GpuVector, y: GpuVector): readonly Dispatch[] {
    checkLanes(y, x);
    const bound = bind(this.#layout, 'copy', { x: vector(x), y: vector(y, true) }, (p) =>
      elementwise(this.#layout, `${p.y.vector} = ${p.x.vector};`),
    );
    return [this.#elements(bound, y.lanes)];
  }

  scale(a: GpuScalar, x: GpuVector): readonly Dispatch[] {
    checkLanes(x, a);
    const bound = bind(this.#layout, 'scale', { a: scalar(a), x: vector(x, true) }, (p) =>
      elementwise(this.#layout, `${p.x.vector} *= ${p.a.scalar};`),
    );
    return [this.#elements(bound, x.lanes)];
  }

  axpy(sign: 1 | -1, a: GpuScalar, x: GpuVector, y: GpuVector): readonly Dispatch[] {
    checkLanes(y, a, x);
    const operands = { a: scalar(a), x: vector(x), y: vector(y, true) };
    const bound = bind(this.#layout, 'axpy', operands, (p) =>
      elementwise(this.#layout, `${p.y.vector} ${sign === 1 ? '+' : '-'}= ${p.a.scalar} * ${p.x.vector};`),
    );
    return [this.#elements(bound, y.lanes)];
  }

  #elements({ kernel, parts }: Bound, lanes: number): Dispatch {
    const { length4, group } = this.#layout;
    return this.#kernels.dispatch(kernel, parts, [Math.ceil(length4 / group), lanes, 1], 8 * length4 * lanes);
  }

  /** Scratch of at least so many floats; earlier plans keep the buffer that they are bound to. */
  #room(floats: number): GPUBuffer {
    if (this.#scratch === null || this.#scratch.size < 4 * floats) this.#scratch = this.#make('scratch', 8 * floats);
    return this.#scratch;
  }

  /** out ← x · y, or a function of it: `value` in terms of `total`. */
  reduce(x: GpuVector, y: GpuVector, out: GpuScalar, value: string): readonly Dispatch[] {
    checkLanes(out, x, y);
    const { blocks } = this.#layout;
    const { lanes } = out;
    const flops = 8 * this.#layout.length4;
    if (blocks === 1) {
      const operands = { x: vector(x), y: vector(y), result: scalar(out, true) };
      const { kernel, parts } = bind(this.#layout, 'dot', operands, (p) =>
        reduction(
          this.#layout,
          `${p.x.vector} * ${p.y.vector}`,
          `if (local == 0u) { ${p.result.name}[lane] = ${value}; }`,
        ),
      );
      return [this.#kernels.dispatch(kernel, parts, [1, 1, lanes], flops)];
    }
    const partial = this.#room(blocks * lanes);
    const summed = this.#blockSums(x, y, partial, lanes);
    const finished = bind(
      this.#layout,
      'add up',
      { partial: scratch(partial), result: scalar(out, true) },
      (p) => `
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) id: vec3u) {
  let lane = id.x;
  ${addBlocks(this.#layout, p.partial.name, `lane * ${blocks}u`)}
  ${p.result.name}[lane] = ${value};
}`,
    );
    return [summed, this.#kernels.dispatch(finished.kernel, finished.parts, [lanes, 1, 1], blocks)];
  }

  #blockSums(x: GpuVector, y: GpuVector, partial: GPUBuffer, lanes: number): Dispatch {
    const { blocks, length4 } = this.#layout;
    const operands = { x: vector(x), y: vector(y), partial: scratch(partial, true) };
    const { kernel, parts } = bind(this.#layout, 'dot blocks', operands, (p) =>
      reduction(
        this.#layout,
        `${p.x.vector} * ${p.y.vector}`,
        `if (local == 0u) { ${p.partial.name}[lane * ${blocks}u + block] = total; }`,
      ),
    );
    return this.#kernels.dispatch(kernel, parts, [blocks, 1, lanes], 8 * length4);
  }

  normalise(x: GpuVector, out: GpuVector, length: GpuScalar, reference: GpuScalar): readonly Dispatch[] {
    checkLanes(out, x, reference);
    if (length.lanes !== out.lanes) throw new Error(`${out.lanes} lengths do not go into ${length.lanes}`);
    const { blocks, group, length4 } = this.#layout;
    const operands = { x: vector(x), q: vector(out, true), size: scalar(length, true), limit: scalar(reference) };
    const rule = (limit: string): string => `let norm = sqrt(total);
  let broken = norm <= ${8 * ROUNDOFF} * ${limit};
  let inverse = select(1.0 / norm, 0.0, broken);`;
    if (blocks === 1) {
      const { kernel, parts } = bind(this.#layout, 'normalise', operands, (p) =>
        reduction(
          this.#layout,
          `${p.x.vector} * ${p.x.vector}`,
          `${rule(p.limit.scalar)}
  for (var i = local; i < ${length4}u; i += ${group}u) { ${p.q.vector} = inverse * ${p.x.vector}; }
  if (local == 0u) { ${p.size.name}[lane] = select(norm, 0.0, broken); }`,
        ),
      );
      return [this.#kernels.dispatch(kernel, parts, [1, 1, out.lanes], 12 * length4)];
    }
    const partial = this.#room(blocks * out.lanes);
    const sourceLane = x.lanes > 1 ? 'lane' : '0u';
    const { kernel, parts } = bind(this.#layout, 'normalise', { ...operands, partial: scratch(partial) }, (p) =>
      elementwise(
        this.#layout,
        `${addBlocks(this.#layout, p.partial.name, `${sourceLane} * ${blocks}u`)}
  ${rule(p.limit.scalar)}
  ${p.q.vector} = inverse * ${p.x.vector};
  if (i == 0u) { ${p.size.name}[lane] = select(norm, 0.0, broken); }`,
      ),
    );
    return [this.#blockSums(x, x, partial, x.lanes), this.#elements({ kernel, parts }, out.lanes)];
  }

  sweep(x: GpuVector, members: readonly GpuVector[]): readonly Dispatch[] {
    const { blocks, length4, stride4 } = this.#layout;
    const { lanes: basisLanes } = members[0];
    checkLanes(x, members[0]);
    const basis = {
      part: rowOf(members, members[0].size),
      lanes: basisLanes,
      writes: false,
      type: 'vec4f' as const,
      open: true,
    };
    const count = members.length;
    const { lanes } = x;
    const place = (member: string): string =>
      `basis[(${member} * ${basisLanes}u + ${basisLanes > 1 ? 'lane' : '0u'}) * ${stride4}u + i]`;
    const counted = `let count = arrayLength(&basis) / ${basisLanes * stride4}u;`;
    const coefficientRoom = count * lanes;
    const coefficients = this.#room(coefficientRoom * (blocks + 1));
    const partialStart = blocks === 1 ? '0u' : `count * ${lanes}u`;
    const sums = bind(this.#layout, 'project', { basis, x: vector(x), sums: scratch(coefficients, true) }, (p) =>
      reduction(
        this.#layout,
        `${place('member')} * ${p.x.vector}`,
        `${counted}
  if (local == 0u) { ${p.sums.name}[${partialStart} + (lane * count + member) * ${blocks}u + block] = total; }`,
      ),
    );
    const update = bind(this.#layout, 'subtract', { basis, x: vector(x, true), sums: scratch(coefficients) }, (p) =>
      elementwise(
        this.#layout,
        `${counted}
  var sum = vec4f(0.0);
  for (var m = 0u; m < count; m++) { sum += ${p.sums.name}[lane * count + m] * ${place('m')}; }
  ${p.x.vector} -= sum;`,
      ),
    );
    const plan = [this.#kernels.dispatch(sums.kernel, sums.parts, [blocks, count, lanes], 8 * length4 * count)];
    if (blocks > 1) {
      const kernel = {
        label: 'add up',
        bindings: [writes('sums', 'f32'), reads('basis')],
        code: `
@compute @workgroup_size(${this.#layout.group})
fn main(@builtin(global_invocation_id) id: vec3u) {
  ${counted}
  if (id.x >= count * ${lanes}u) { return; }
  ${addBlocks(this.#layout, 'sums', `count * ${lanes}u + id.x * ${blocks}u`)}
  sums[id.x] = total;
}`,
      };
      const groups = Math.ceil((count * lanes) / this.#layout.group);
      plan.push(this.#kernels.dispatch(kernel, [{ buffer: coefficients }, basis.part], [groups, 1, 1], count * blocks));
    }
    const { kernel, parts } = update;
    const groups = Math.ceil(length4 / this.#layout.group);
    plan.push(this.#kernels.dispatch(kernel, parts, [groups, lanes, 1], 8 * length4 * count * lanes));
    return plan;
  }

  combine(out: GpuVector, members: readonly GpuVector[], scalars: readonly GpuScalar[]): readonly Dispatch[] {
    const { stride4 } = this.#layout;
    const { lanes: basisLanes } = members[0];
    const { lanes: factorLanes } = scalars[0];
    if (members.length !== scalars.length)
      throw new Error(`${scalars.length} coefficients for ${members.length} vectors`);
    checkLanes(out, members[0], scalars[0]);
    const spacing = scalarSpacing(factorLanes);
    const operands = {
      basis: {
        part: rowOf(members, members[0].size),
        lanes: basisLanes,
        writes: false,
        type: 'vec4f' as const,
        open: true,
      },
      factors: { part: rowOf(scalars, spacing), lanes: factorLanes, writes: false, type: 'f32' as const, open: true },
      result: vector(out, true),
    };
    const bound = bind(this.#layout, 'combine', operands, (p) =>
      elementwise(
        this.#layout,
        `var sum = vec4f(0.0);
  for (var m = 0u; m < arrayLength(&basis) / ${basisLanes * stride4}u; m++) {
    sum += factors[m * ${spacing / 4}u + ${factorLanes > 1 ? 'lane' : '0u'}]
      * basis[(m * ${basisLanes}u + ${basisLanes > 1 ? 'lane' : '0u'}) * ${stride4}u + i];
  }
  ${p.result.vector} = sum;`,
      ),
    );
    return [this.#elements(bound, out.lanes)];
  }
}
