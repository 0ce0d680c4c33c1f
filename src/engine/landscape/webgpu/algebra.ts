/**
 * The vector algebra of the contract on the GPU: scalars stay there, and each operation is one or two dispatches that
 * are bound once per set of operands and replayed. Long vectors are reduced in blocks (`algebra-kernels.ts`).
 */
import type { Scalar, Vector, VectorAlgebra } from '../landscape';
import {
  addBlocks,
  bind,
  elementwise,
  layoutOf,
  reduction,
  scalar,
  scratch,
  vector,
  type Bound,
  type Layout,
} from './algebra-kernels';
import type { GpuContext } from './device';
import { reads, writes, type Dispatch, type KernelCache } from './kernel';
import { GpuScalar, GpuVector, OperandCache, checkLanes, rowOf, scalarOf, scalarSpacing, vectorOf } from './operands';
import type { CommandQueue } from './queue';

const ROUNDOFF = 1 / 16777216;

type Cache = OperandCache<readonly Dispatch[]>;

export class GpuAlgebra implements VectorAlgebra {
  readonly dimension: number;
  readonly roundoff = ROUNDOFF;
  protected readonly context: GpuContext;
  protected readonly kernels: KernelCache;
  protected readonly queue: CommandQueue;
  /** Every buffer made, to be given back. */
  protected readonly buffers: GPUBuffer[] = [];
  readonly #layout: Layout;
  readonly #copies: Cache = new OperandCache();
  readonly #scales: Cache = new OperandCache();
  readonly #additions: Cache = new OperandCache();
  readonly #subtractions: Cache = new OperandCache();
  readonly #dots: Cache = new OperandCache();
  readonly #norms: Cache = new OperandCache();
  readonly #normalisations: Cache = new OperandCache();
  readonly #sweeps: Cache = new OperandCache();
  readonly #combinations: Cache = new OperandCache();
  /** Partial sums, and behind them the coefficients of a sweep. */
  #scratch: GPUBuffer | null = null;
  #staged: Float32Array<ArrayBuffer>;

  constructor(context: GpuContext, kernels: KernelCache, queue: CommandQueue, dimension: number) {
    this.context = context;
    this.kernels = kernels;
    this.queue = queue;
    this.dimension = dimension;
    this.#layout = layoutOf(dimension, context.tuning);
    this.#staged = new Float32Array(4 * this.#layout.stride4);
  }

  vector(lanes = 1): Vector {
    return this.basis(1, lanes)[0];
  }

  basis(count: number, lanes = 1): readonly Vector[] {
    const stride = 4 * this.#layout.stride4;
    const buffer = this.buffer('vectors', 4 * count * lanes * stride);
    return Array.from({ length: count }, (_, i) => new GpuVector(this, buffer, 4 * i * lanes * stride, lanes, stride));
  }

  scalars(count: number, lanes = 1): readonly Scalar[] {
    const spacing = scalarSpacing(lanes);
    const buffer = this.buffer('scalars', count * spacing);
    return Array.from({ length: count }, (_, i) => new GpuScalar(this, buffer, i * spacing, lanes));
  }

  write(target: Vector | Scalar, values: ArrayLike<number>): void {
    const operand = target instanceof GpuScalar ? scalarOf(this, target) : vectorOf(this, target);
    const size = operand instanceof GpuScalar ? 1 : this.dimension;
    const { lanes } = operand;
    if (values.length !== size && values.length !== size * lanes) {
      throw new Error(`${values.length} values do not fit ${lanes} lanes of ${size}`);
    }
    const step = operand.size / 4 / lanes;
    if (this.#staged.length < lanes * step) this.#staged = new Float32Array(lanes * step);
    const data = this.#staged.subarray(0, lanes * step).fill(0);
    for (let lane = 0; lane < lanes; lane++) {
      const from = values.length === size ? 0 : lane * size;
      for (let i = 0; i < size; i++) data[lane * step + i] = values[from + i];
    }
    this.queue.write(operand.buffer, operand.offset, data);
  }

  async read(...targets: readonly (Vector | readonly Scalar[])[]): Promise<Float64Array[]> {
    const operands = targets.map((t) => (isList(t) ? t.map((s) => scalarOf(this, s)) : vectorOf(this, t)));
    const parts = operands.map((o) => (o instanceof GpuVector ? o : o.length === 0 ? null : rowParts(o)));
    const wanted = parts.flatMap((p) => (p === null ? [] : 'buffer' in p ? [p] : p));
    const arrays = await this.queue.read(wanted);
    let at = 0;
    return operands.map((o, i) => {
      const part = parts[i];
      if (part === null) return new Float64Array(0);
      if (o instanceof GpuVector) return unpadded(arrays[at++], o.lanes, this.dimension);
      const list = o;
      const { lanes } = list[0];
      const result = new Float64Array(list.length * lanes);
      const spacing = scalarSpacing(lanes) / 4;
      const rows = part as Required<typeof part & readonly unknown[]>;
      if (rows.length === 1) {
        const values = arrays[at++];
        list.forEach((_, s) => {
          for (let lane = 0; lane < lanes; lane++) result[s * lanes + lane] = values[s * spacing + lane];
        });
      } else list.forEach((_, s) => result.set(arrays[at++], s * lanes));
      return result;
    });
  }

  copy(from: Vector, to: Vector): void {
    const x = vectorOf(this, from);
    const y = vectorOf(this, to);
    if (x === y) return;
    let plan = this.#copies.get(x.id, y.id, 0, 0);
    if (!plan) {
      checkLanes(y, x);
      const bound = bind(this.#layout, 'copy', { x: vector(x), y: vector(y, true) }, (p) =>
        elementwise(this.#layout, `${p.y.vector} = ${p.x.vector};`),
      );
      plan = this.#copies.set(x.id, y.id, 0, 0, [this.#elements(bound, y.lanes)]);
    }
    this.queue.enqueue(plan);
  }

  scale(a: Scalar, x: Vector): void {
    const factor = scalarOf(this, a);
    const target = vectorOf(this, x);
    let plan = this.#scales.get(factor.id, target.id, 0, 0);
    if (!plan) {
      checkLanes(target, factor);
      const bound = bind(this.#layout, 'scale', { a: scalar(factor), x: vector(target, true) }, (p) =>
        elementwise(this.#layout, `${p.x.vector} *= ${p.a.scalar};`),
      );
      plan = this.#scales.set(factor.id, target.id, 0, 0, [this.#elements(bound, target.lanes)]);
    }
    this.queue.enqueue(plan);
  }

  axpy(sign: 1 | -1, a: Scalar, x: Vector, y: Vector): void {
    const factor = scalarOf(this, a);
    const source = vectorOf(this, x);
    const target = vectorOf(this, y);
    const cache = sign === 1 ? this.#additions : this.#subtractions;
    let plan = cache.get(factor.id, source.id, target.id, 0);
    if (!plan) {
      checkLanes(target, factor, source);
      const operands = { a: scalar(factor), x: vector(source), y: vector(target, true) };
      const bound = bind(this.#layout, 'axpy', operands, (p) =>
        elementwise(this.#layout, `${p.y.vector} ${sign === 1 ? '+' : '-'}= ${p.a.scalar} * ${p.x.vector};`),
      );
      plan = cache.set(factor.id, source.id, target.id, 0, [this.#elements(bound, target.lanes)]);
    }
    this.queue.enqueue(plan);
  }

  dot(x: Vector, y: Vector, out: Scalar): void {
    const left = vectorOf(this, x);
    const right = vectorOf(this, y);
    const target = scalarOf(this, out);
    let plan = this.#dots.get(left.id, right.id, target.id, 0);
    if (!plan) plan = this.#dots.set(left.id, right.id, target.id, 0, this.#reduce(left, right, target, 'total'));
    this.queue.enqueue(plan);
  }

  norm(x: Vector, out: Scalar): void {
    const source = vectorOf(this, x);
    const target = scalarOf(this, out);
    let plan = this.#norms.get(source.id, target.id, 0, 0);
    if (!plan) plan = this.#norms.set(source.id, target.id, 0, 0, this.#reduce(source, source, target, 'sqrt(total)'));
    this.queue.enqueue(plan);
  }

  normalise(x: Vector, out: Vector, length: Scalar, reference: Scalar): void {
    const source = vectorOf(this, x);
    const target = vectorOf(this, out);
    const size = scalarOf(this, length);
    const limit = scalarOf(this, reference);
    let plan = this.#normalisations.get(source.id, target.id, size.id, limit.id);
    if (!plan) {
      checkLanes(target, source, limit);
      if (size.lanes !== target.lanes) throw new Error(`${target.lanes} lengths do not go into ${size.lanes}`);
      const made = this.#normalise(source, target, size, limit);
      plan = this.#normalisations.set(source.id, target.id, size.id, limit.id, made);
    }
    this.queue.enqueue(plan);
  }

  orthogonalise(x: Vector, basis: readonly Vector[], count: number): void {
    if (count === 0) return;
    const target = vectorOf(this, x);
    const first = vectorOf(this, basis[0]);
    let plan = this.#sweeps.get(target.id, first.id, count, 0);
    if (!plan) plan = this.#sweeps.set(target.id, first.id, count, 0, this.#sweep(target, basis.slice(0, count)));
    this.queue.enqueue(plan);
  }

  combine(basis: readonly Vector[], coefficients: readonly Scalar[], out: Vector): void {
    const count = coefficients.length;
    if (count === 0) throw new Error('a combination needs a coefficient');
    const target = vectorOf(this, out);
    const first = vectorOf(this, basis[0]);
    const factor = scalarOf(this, coefficients[0]);
    const key = factor.id * 4096 + count;
    let plan = this.#combinations.get(target.id, first.id, key, 0);
    if (!plan) {
      const made = this.#combine(target, basis.slice(0, count), coefficients);
      plan = this.#combinations.set(target.id, first.id, key, 0, made);
    }
    this.queue.enqueue(plan);
  }

  flush(): void {
    this.queue.flush();
  }

  protected buffer(label: string, bytes: number): GPUBuffer {
    const buffer = this.context.buffer(label, bytes);
    this.buffers.push(buffer);
    return buffer;
  }

  #elements({ kernel, parts }: Bound, lanes: number): Dispatch {
    const { length4, group } = this.#layout;
    return this.kernels.dispatch(kernel, parts, [Math.ceil(length4 / group), lanes, 1], 8 * length4 * lanes);
  }

  /** Scratch of at least so many floats; earlier plans keep the buffer that they are bound to. */
  #room(floats: number): GPUBuffer {
    if (this.#scratch === null || this.#scratch.size < 4 * floats) this.#scratch = this.buffer('scratch', 8 * floats);
    return this.#scratch;
  }

  #reduce(x: GpuVector, y: GpuVector, out: GpuScalar, value: string): readonly Dispatch[] {
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
      return [this.kernels.dispatch(kernel, parts, [1, 1, lanes], flops)];
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
    return [summed, this.kernels.dispatch(finished.kernel, finished.parts, [lanes, 1, 1], blocks)];
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
    return this.kernels.dispatch(kernel, parts, [blocks, 1, lanes], 8 * length4);
  }

  #normalise(x: GpuVector, out: GpuVector, length: GpuScalar, reference: GpuScalar): readonly Dispatch[] {
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
      return [this.kernels.dispatch(kernel, parts, [1, 1, out.lanes], 12 * length4)];
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

  #sweep(x: GpuVector, given: readonly Vector[]): readonly Dispatch[] {
    const { blocks, length4, stride4 } = this.#layout;
    const members = given.map((v) => vectorOf(this, v));
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
    const plan = [this.kernels.dispatch(sums.kernel, sums.parts, [blocks, count, lanes], 8 * length4 * count)];
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
      plan.push(this.kernels.dispatch(kernel, [{ buffer: coefficients }, basis.part], [groups, 1, 1], count * blocks));
    }
    const { kernel, parts } = update;
    const groups = Math.ceil(length4 / this.#layout.group);
    plan.push(this.kernels.dispatch(kernel, parts, [groups, lanes, 1], 8 * length4 * count * lanes));
    return plan;
  }

  #combine(out: GpuVector, given: readonly Vector[], factors: readonly Scalar[]): readonly Dispatch[] {
    const { stride4 } = this.#layout;
    const members = given.map((v) => vectorOf(this, v));
    const scalars = factors.map((s) => scalarOf(this, s));
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

function isList(target: Vector | readonly Scalar[]): target is readonly Scalar[] {
  return Array.isArray(target);
}

/** Scalars in one piece where they lie in a row, else one by one. */
function rowParts(scalars: readonly GpuScalar[]): { buffer: GPUBuffer; offset: number; size: number }[] {
  const { lanes, buffer, offset } = scalars[0];
  if (scalars.some((s) => s.lanes !== lanes))
    throw new Error('scalars read together must have the same number of lanes');
  const spacing = scalarSpacing(lanes);
  const inRow = scalars.every((s, i) => s.buffer === buffer && s.offset === offset + i * spacing);
  if (!inRow) return scalars.map(({ buffer, offset, size }) => ({ buffer, offset, size }));
  return [{ buffer, offset, size: (scalars.length - 1) * spacing + 4 * lanes }];
}

function unpadded(values: Float32Array, lanes: number, size: number): Float64Array {
  const result = new Float64Array(lanes * size);
  const stride = values.length / lanes;
  for (let lane = 0; lane < lanes; lane++)
    result.set(values.subarray(lane * stride, lane * stride + size), lane * size);
  return result;
}
