/**
 * Vectors and their algebra in TensorFlow.js ops. A vector is one flat tensor and not a list of one tensor a parameter:
 * the algebra of Lanczos and of the optimisers then takes one op or two where it would take twice as many as there are
 * layers, and θ is cut into parameters once an evaluation. What can be a matrix product is one, even a product by a
 * scalar: on the cpu backend broadcasting costs about 20 times as much an entry (measured). Scalars are tensors and stay
 * on the device; only `read` waits for it.
 *
 * Every operation runs in a `tidy` and makes new tensors, which is how TensorFlow.js works: the contract's "no operation
 * allocates" holds here in that nothing stays behind.
 */
import {
  clone,
  concat,
  div,
  keep,
  lessEqual,
  matMul,
  mul,
  sqrt,
  sub,
  add,
  tensor,
  tidy,
  where,
  zeros,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { EdgescopeError } from '../../../experiment/fault';
import { checkLanes } from '../counts';
import type { Scalar, Vector, VectorAlgebra } from '../landscape';
import type { Backend } from './backend';
import { TensorScalar, TensorVector, scalarOf, vectorOf, widened } from './operands';

const ROUNDOFF = 5.9604644775390625e-8;
/** Vectors in one op: WebGPU lets a kernel bind eight buffers, and one of them is the result. */
const BLOCK = 7;

export class TensorAlgebra implements VectorAlgebra {
  readonly dimension: number;
  readonly roundoff = ROUNDOFF;
  protected readonly backend: Backend;
  readonly #held = new Set<{ dispose(): void }>();
  #living = true;

  constructor(backend: Backend, dimension: number) {
    this.backend = backend;
    this.dimension = dimension;
  }

  vector(lanes = 1): Vector {
    return this.basis(1, lanes)[0];
  }

  basis(count: number, lanes = 1): readonly Vector[] {
    return this.#places(count, [lanes, 1, this.dimension], (zero) => new TensorVector(this, lanes, zero));
  }

  scalars(count: number, lanes = 1): readonly Scalar[] {
    return this.#places(count, [lanes, 1, 1], (zero) => new TensorScalar(this, lanes, zero));
  }

  /** Copies of one zero share its memory until they are given something else. */
  #places<T extends { dispose(): void }>(count: number, shape: number[], place: (zero: Tensor) => T): readonly T[] {
    return this.run(() => {
      const zero = zeros(shape);
      return Array.from({ length: count }, () => this.hold(place(clone(zero))));
    });
  }

  write(target: Vector | Scalar, values: ArrayLike<number>): void {
    const place = target instanceof TensorScalar ? scalarOf(this, target) : vectorOf(this, target);
    const { lanes } = place;
    const size = place instanceof TensorVector ? this.dimension : 1;
    if (values.length !== size && values.length !== size * lanes) {
      throw new Error(`${values.length} values do not fit ${lanes} lanes of ${size}`);
    }
    const given = values.length / size;
    this.run(() => place.put(tensor(Float32Array.from(values), [given, 1, size])));
  }

  async read(...targets: readonly (Vector | readonly Scalar[])[]): Promise<Float64Array[]> {
    const values = await this.fetch(() =>
      targets.map((target) => (isList(target) ? this.#listed(target) : clone(vectorOf(this, target).tensor))),
    );
    return targets.map((target, i) => (isList(target) ? byCount(values[i], target) : Float64Array.from(values[i])));
  }

  /** [lanes, count, 1] */
  #listed(scalars: readonly Scalar[]): Tensor {
    if (scalars.length === 0) return zeros([0]);
    const lanes = scalars[0].lanes;
    if (scalars.some((scalar) => scalar.lanes !== lanes)) {
      throw new Error('scalars read together must have the same number of lanes');
    }
    return concat(
      scalars.map((scalar) => scalarOf(this, scalar).tensor),
      1,
    );
  }

  copy(from: Vector, to: Vector): void {
    const [source, target] = [vectorOf(this, from), vectorOf(this, to)];
    checkLanes(target, source);
    this.run(() => target.put(clone(source.tensor)));
  }

  scale(a: Scalar, x: Vector): void {
    const [factor, target] = [scalarOf(this, a), vectorOf(this, x)];
    checkLanes(target, factor);
    this.run(() => target.put(matMul(factor.tensor, target.tensor)));
  }

  axpy(sign: 1 | -1, a: Scalar, x: Vector, y: Vector): void {
    const [factor, source, target] = [scalarOf(this, a), vectorOf(this, x), vectorOf(this, y)];
    checkLanes(target, factor, source);
    this.run(() => {
      const change = matMul(factor.tensor, source.tensor);
      target.put(sign > 0 ? add(target.tensor, change) : sub(target.tensor, change));
    });
  }

  dot(x: Vector, y: Vector, out: Scalar): void {
    const [left, right, target] = [vectorOf(this, x), vectorOf(this, y), scalarOf(this, out)];
    checkLanes(target, left, right);
    this.run(() => target.put(matMul(left.tensor, right.tensor, false, true)));
  }

  norm(x: Vector, out: Scalar): void {
    const [source, target] = [vectorOf(this, x), scalarOf(this, out)];
    checkLanes(target, source);
    this.run(() => target.put(lengthOf(source.tensor)));
  }

  normalise(x: Vector, out: Vector, length: Scalar, reference: Scalar): void {
    const [source, target] = [vectorOf(this, x), vectorOf(this, out)];
    const [size, against] = [scalarOf(this, length), scalarOf(this, reference)];
    checkLanes(target, source, against);
    if (size.lanes !== target.lanes) throw new Error(`${target.lanes} lengths do not go into ${size.lanes}`);
    this.run(() => {
      const found = widened(lengthOf(source.tensor), target.lanes);
      // NaN is not small: it is handed on.
      const broken = lessEqual(found, mul(against.tensor, 8 * ROUNDOFF));
      const nothing = zerosLike(found);
      target.put(matMul(where(broken, nothing, div(1, found)), source.tensor));
      size.put(where(broken, nothing, found));
    });
  }

  orthogonalise(x: Vector, basis: readonly Vector[], count: number): void {
    if (count === 0) return;
    const target = vectorOf(this, x);
    const rows = basis.slice(0, count).map((q) => vectorOf(this, q));
    rows.forEach((row) => checkLanes(target, row));
    this.run(() => {
      const parts = blocks(rows).map((block) => {
        const q = concat(
          block.map(({ tensor }) => tensor),
          1,
        );
        return matMul(matMul(target.tensor, q, false, true), q);
      });
      target.put(sub(target.tensor, sumOf(parts)));
    });
  }

  combine(basis: readonly Vector[], coefficients: readonly Scalar[], out: Vector): void {
    const target = vectorOf(this, out);
    const factors = coefficients.map((c) => scalarOf(this, c));
    const rows = basis.slice(0, factors.length).map((q) => vectorOf(this, q));
    rows.forEach((row, i) => checkLanes(target, row, factors[i]));
    this.run(() => {
      const weights = blocks(factors);
      const parts = blocks(rows).map((block, i) => {
        const c = concat(
          weights[i].map(({ tensor }) => tensor),
          2,
        );
        return matMul(
          c,
          concat(
            block.map(({ tensor }) => tensor),
            1,
          ),
        );
      });
      target.put(sumOf(parts));
    });
  }

  flush(): void {
    this.run(() => this.backend.submit());
  }

  /** Every tensor of the landscape is let go; every later operation throws. */
  dispose(): void {
    this.#living = false;
    this.#held.forEach((held) => held.dispose());
    this.#held.clear();
  }

  /** Ops whose tensors are let go afterwards, but for what is kept. */
  protected run<T>(work: () => T): T {
    if (!this.#living) throw new Error('the landscape has been disposed of');
    this.backend.check();
    let result: T;
    try {
      // Not by the result of `tidy`, which would keep its tensors.
      tidy(() => {
        result = work();
      });
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      throw new EdgescopeError('too-large', 'There is not enough memory for this network and data.', thrown.message);
    }
    return result!;
  }

  /** What these tensors hold, once all before is done. */
  protected async fetch(make: () => readonly Tensor[]): Promise<ArrayLike<number>[]> {
    const made = this.run(() => make().map(keep));
    try {
      return await this.backend.guard(Promise.all(made.map((tensor) => tensor.data())));
    } finally {
      made.forEach((tensor) => tensor.dispose());
    }
  }

  /** Has this disposed of with the landscape. */
  protected hold<T extends { dispose(): void }>(held: T): T {
    this.#held.add(held);
    return held;
  }
}

const lengthOf = (x: Tensor): Tensor => sqrt(matMul(x, x, false, true));

const sumOf = (parts: readonly Tensor[]): Tensor => parts.reduce((sum, part) => add(sum, part));

function blocks<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / BLOCK) }, (_, i) => list.slice(i * BLOCK, (i + 1) * BLOCK));
}

/** Values [lanes, count] in the order [count, lanes]. */
function byCount(values: ArrayLike<number>, scalars: readonly Scalar[]): Float64Array {
  const count = scalars.length;
  const lanes = values.length / count;
  return Float64Array.from(values, (_, i) => values[(i % lanes) * count + Math.floor(i / lanes)]);
}

function isList(target: Vector | readonly Scalar[]): target is readonly Scalar[] {
  return Array.isArray(target);
}
