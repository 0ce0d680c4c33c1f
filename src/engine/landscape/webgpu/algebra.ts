/**
 * The vector algebra of the contract on the GPU: scalars stay there, and each operation is one or two dispatches that
 * are bound once per set of operands and replayed. Long vectors are reduced in blocks (`algebra-kernels.ts`).
 */
import type { Scalar, Vector, VectorAlgebra } from '../landscape';
import { layoutOf } from './algebra-kernels';
import { ROUNDOFF } from './algebra-plans';
import { BasisPlans } from './basis-plans';
import { MOST_BYTES, type GpuContext } from './device';
import type { Holding } from './holding';
import type { Dispatch } from './kernel';
import {
  BasisCache,
  GpuScalar,
  GpuVector,
  OperandCache,
  scalarOf,
  scalarSpacing,
  vectorOf,
  type Owner,
} from './operands';
import { scalarPiece, vectorPiece } from './readback';

type Plan = readonly Dispatch[];
type Cache = OperandCache<Plan>;

const NONE: readonly GpuScalar[] = [];

export class GpuAlgebra implements VectorAlgebra, Owner {
  readonly dimension: number;
  readonly roundoff = ROUNDOFF;
  protected readonly context: GpuContext;
  protected readonly holding: Holding;
  /** Floats from lane to lane. */
  readonly #stride: number;
  readonly #plans: BasisPlans;
  readonly #copies: Cache = new OperandCache();
  readonly #scales: Cache = new OperandCache();
  readonly #additions: Cache = new OperandCache();
  readonly #subtractions: Cache = new OperandCache();
  readonly #dots: Cache = new OperandCache();
  readonly #norms: Cache = new OperandCache();
  readonly #normalisations: Cache = new OperandCache();
  readonly #sweeps = new BasisCache<Plan>();
  readonly #combinations = new BasisCache<Plan>();
  #staged: Float32Array<ArrayBuffer>;

  constructor(context: GpuContext, holding: Holding, dimension: number) {
    this.context = context;
    this.holding = holding;
    this.dimension = dimension;
    const layout = layoutOf(dimension, context.tuning);
    this.#stride = 4 * layout.stride4;
    this.#plans = new BasisPlans(layout, holding.kernels, (label, bytes) => holding.buffer(label, bytes));
    this.#staged = new Float32Array(this.#stride);
  }

  checkLiving(): void {
    this.holding.check();
  }

  vector(lanes = 1): Vector {
    return this.basis(1, lanes)[0];
  }

  basis(count: number, lanes = 1): readonly Vector[] {
    const stride = this.#stride;
    const bytes = 4 * lanes * stride;
    // As many in a buffer as can be bound at once; a single one that is too large is refused as such.
    const most = Math.max(1, Math.floor(this.context.mostBytes / bytes));
    if (count * bytes > MOST_BYTES) throw this.context.tooLarge(`${count} vectors of ${bytes} bytes`);
    const vectors: GpuVector[] = [];
    while (vectors.length < count) {
      const here = Math.min(most, count - vectors.length);
      const buffer = this.holding.watched(() => this.holding.buffer('vectors', here * bytes));
      for (let i = 0; i < here; i++) vectors.push(new GpuVector(this, buffer, i * bytes, lanes, stride));
    }
    return vectors;
  }

  scalars(count: number, lanes = 1): readonly Scalar[] {
    const spacing = scalarSpacing(lanes);
    const buffer = this.holding.watched(() => this.holding.buffer('scalars', count * spacing));
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
    this.holding.write(operand.buffer, operand.offset, data);
  }

  async read(...targets: readonly (Vector | readonly Scalar[])[]): Promise<Float64Array[]> {
    this.checkLiving();
    const pieces = targets.map((target) =>
      isList(target)
        ? scalarPiece(target.map((s) => scalarOf(this, s)))
        : vectorPiece(vectorOf(this, target), this.dimension),
    );
    const arrays = await this.holding.read(pieces.flatMap(({ parts }) => parts));
    let at = 0;
    return pieces.map(({ parts, unpack }) => unpack(arrays.slice(at, (at += parts.length))));
  }

  copy(from: Vector, to: Vector): void {
    const x = vectorOf(this, from);
    const y = vectorOf(this, to);
    if (x === y) return;
    const plan = this.#copies.get(x.id, y.id, 0, 0) ?? this.#planCopy(x, y);
    this.holding.enqueue(plan);
  }

  scale(a: Scalar, x: Vector): void {
    const factor = scalarOf(this, a);
    const target = vectorOf(this, x);
    const plan = this.#scales.get(factor.id, target.id, 0, 0) ?? this.#planScale(factor, target);
    this.holding.enqueue(plan);
  }

  axpy(sign: 1 | -1, a: Scalar, x: Vector, y: Vector): void {
    const factor = scalarOf(this, a);
    const source = vectorOf(this, x);
    const target = vectorOf(this, y);
    const cache = sign === 1 ? this.#additions : this.#subtractions;
    const plan = cache.get(factor.id, source.id, target.id, 0) ?? this.#planAxpy(sign, factor, source, target, cache);
    this.holding.enqueue(plan);
  }

  dot(x: Vector, y: Vector, out: Scalar): void {
    const left = vectorOf(this, x);
    const right = vectorOf(this, y);
    const target = scalarOf(this, out);
    const plan = this.#dots.get(left.id, right.id, target.id, 0) ?? this.#planDot(left, right, target);
    this.holding.enqueue(plan);
  }

  norm(x: Vector, out: Scalar): void {
    const source = vectorOf(this, x);
    const target = scalarOf(this, out);
    const plan = this.#norms.get(source.id, target.id, 0, 0) ?? this.#planNorm(source, target);
    this.holding.enqueue(plan);
  }

  normalise(x: Vector, out: Vector, length: Scalar, reference: Scalar): void {
    const source = vectorOf(this, x);
    const target = vectorOf(this, out);
    const size = scalarOf(this, length);
    const limit = scalarOf(this, reference);
    const plan =
      this.#normalisations.get(source.id, target.id, size.id, limit.id) ??
      this.#planNormalise(source, target, size, limit);
    this.holding.enqueue(plan);
  }

  orthogonalise(x: Vector, basis: readonly Vector[], count: number): void {
    const target = vectorOf(this, x);
    if (count === 0) return;
    const plan = this.#sweeps.get(target, basis, count, NONE) ?? this.#planSweep(target, this.#members(basis, count));
    this.holding.enqueue(plan);
  }

  combine(basis: readonly Vector[], coefficients: readonly Scalar[], out: Vector): void {
    const count = coefficients.length;
    if (count === 0) throw new Error('a combination needs a coefficient');
    const target = vectorOf(this, out);
    if (basis.length < count) throw new Error(`${count} coefficients for ${basis.length} vectors`);
    const plan =
      this.#combinations.get(target, basis, count, coefficients) ??
      this.#planCombine(target, this.#members(basis, count), coefficients);
    this.holding.enqueue(plan);
  }

  // New plans are made apart: where a function has a closure, every call of it makes a context for that.

  #planCopy(x: GpuVector, y: GpuVector): Plan {
    const made = this.holding.watched(() => this.#plans.copy(x, y));
    return this.#copies.set(x.id, y.id, 0, 0, made);
  }

  #planScale(a: GpuScalar, x: GpuVector): Plan {
    const made = this.holding.watched(() => this.#plans.scale(a, x));
    return this.#scales.set(a.id, x.id, 0, 0, made);
  }

  #planAxpy(sign: 1 | -1, a: GpuScalar, x: GpuVector, y: GpuVector, cache: Cache): Plan {
    const made = this.holding.watched(() => this.#plans.axpy(sign, a, x, y));
    return cache.set(a.id, x.id, y.id, 0, made);
  }

  #planDot(x: GpuVector, y: GpuVector, out: GpuScalar): Plan {
    const made = this.holding.watched(() => this.#plans.reduce(x, y, out, 'total'));
    return this.#dots.set(x.id, y.id, out.id, 0, made);
  }

  #planNorm(x: GpuVector, out: GpuScalar): Plan {
    const made = this.holding.watched(() => this.#plans.reduce(x, x, out, 'sqrt(total)'));
    return this.#norms.set(x.id, out.id, 0, 0, made);
  }

  #planNormalise(x: GpuVector, out: GpuVector, length: GpuScalar, reference: GpuScalar): Plan {
    const made = this.holding.watched(() => this.#plans.normalise(x, out, length, reference));
    return this.#normalisations.set(x.id, out.id, length.id, reference.id, made);
  }

  #planSweep(x: GpuVector, vectors: readonly GpuVector[]): Plan {
    const made = this.holding.watched(() => this.#plans.sweep(x, vectors));
    return this.#sweeps.set(x, vectors, NONE, made);
  }

  #planCombine(out: GpuVector, vectors: readonly GpuVector[], coefficients: readonly Scalar[]): Plan {
    const factors = coefficients.map((c) => scalarOf(this, c));
    const made = this.holding.watched(() => this.#plans.combine(out, vectors, factors));
    return this.#combinations.set(out, vectors, factors, made);
  }

  /** The first `count` of a basis as ours. */
  #members(basis: readonly Vector[], count: number): readonly GpuVector[] {
    return Array.from({ length: count }, (_, i) => vectorOf(this, basis[i]));
  }

  flush(): void {
    this.holding.flush();
  }
}

function isList(target: Vector | readonly Scalar[]): target is readonly Scalar[] {
  return Array.isArray(target);
}
