/**
 * The vector algebra of the landscape contract on WebAssembly memory. Everything runs at once on the calling thread, so
 * only `read` is asynchronous, and that in form alone. Lanes are done one after another: one lane already fills the SIMD
 * registers.
 */
import { checkLanes } from '../counts';
import type { Scalar, Vector, VectorAlgebra } from '../landscape';
import type { Machine } from './machine';
import { WasmScalar, WasmVector, checkRow, scalarOf, vectorOf } from './operands';

/** Room for the coefficients of a Gram–Schmidt sweep before any larger basis asks for more. */
const COEFFICIENTS = 64;

export class WasmAlgebra implements VectorAlgebra {
  readonly dimension: number;
  readonly roundoff: number;
  /** Null once disposed of. */
  #living: Machine | null;
  #coefficients: number;
  #coefficientRoom = COEFFICIENTS;

  constructor(machine: Machine, roundoff: number) {
    this.dimension = machine.dimension;
    this.roundoff = roundoff;
    this.#living = machine;
    this.#coefficients = machine.arena.allocate(8 * COEFFICIENTS);
  }

  protected get machine(): Machine {
    if (this.#living === null) throw new Error('the landscape has been disposed of');
    return this.#living;
  }

  vector(lanes = 1): Vector {
    return this.basis(1, lanes)[0];
  }

  basis(count: number, lanes = 1): readonly Vector[] {
    const { arena, stride } = this.machine;
    const base = arena.allocate(count * lanes * stride);
    if (count > this.#coefficientRoom) {
      this.#coefficients = arena.allocate(8 * count);
      this.#coefficientRoom = count;
    }
    return Array.from({ length: count }, (_, i) => new WasmVector(this, base + i * lanes * stride, lanes, stride));
  }

  scalars(count: number, lanes = 1): readonly Scalar[] {
    const base = this.machine.arena.allocate(8 * count * lanes);
    return Array.from({ length: count }, (_, i) => new WasmScalar(this, base + 8 * i * lanes, lanes));
  }

  write(target: Vector | Scalar, values: ArrayLike<number>): void {
    const { arena } = this.machine;
    const vector = target instanceof WasmVector;
    const size = vector ? this.dimension : 1;
    if (values.length !== size && values.length !== size * target.lanes) {
      throw new Error(`${values.length} values do not fit ${target.lanes} lanes of ${size}`);
    }
    for (let lane = 0; lane < target.lanes; lane++) {
      const from = values.length === size ? 0 : lane * size;
      if (vector) {
        const to = vectorOf(this, target).at(lane) / arena.scalarBytes;
        for (let i = 0; i < size; i++) arena.values[to + i] = values[from + i];
      } else {
        arena.doubles[scalarOf(this, target).index(lane)] = values[from];
      }
    }
  }

  read(...targets: readonly (Vector | readonly Scalar[])[]): Promise<Float64Array[]> {
    return Promise.resolve(targets.map((t) => (isList(t) ? this.#readScalars(t) : this.#readVector(t))));
  }

  #readVector(target: Vector): Float64Array {
    const vector = vectorOf(this, target);
    const result = new Float64Array(vector.lanes * this.dimension);
    for (let lane = 0; lane < vector.lanes; lane++) {
      result.set(this.machine.values(vector.at(lane)), lane * this.dimension);
    }
    return result;
  }

  #readScalars(targets: readonly Scalar[]): Float64Array {
    const { doubles } = this.machine.arena;
    const lanes = targets.length > 0 ? targets[0].lanes : 0;
    const result = new Float64Array(targets.length * lanes);
    for (let i = 0; i < targets.length; i++) {
      const scalar = scalarOf(this, targets[i]);
      if (scalar.lanes !== lanes) throw new Error('scalars read together must have the same number of lanes');
      for (let lane = 0; lane < lanes; lane++) result[i * lanes + lane] = doubles[scalar.index(lane)];
    }
    return result;
  }

  copy(from: Vector, to: Vector): void {
    const { arena } = this.machine;
    const source = vectorOf(this, from);
    const target = vectorOf(this, to);
    const lanes = checkLanes(target, source);
    const size = this.dimension * arena.scalarBytes;
    for (let lane = 0; lane < lanes; lane++) {
      const at = source.at(lane);
      arena.bytes.copyWithin(target.at(lane), at, at + size);
    }
  }

  scale(a: Scalar, x: Vector): void {
    const { kernels, arena } = this.machine;
    const factor = scalarOf(this, a);
    const target = vectorOf(this, x);
    const lanes = checkLanes(target, factor);
    for (let lane = 0; lane < lanes; lane++) {
      kernels.scale(arena.doubles[factor.index(lane)], target.at(lane), this.dimension);
    }
  }

  axpy(sign: 1 | -1, a: Scalar, x: Vector, y: Vector): void {
    const { kernels, arena } = this.machine;
    const factor = scalarOf(this, a);
    const source = vectorOf(this, x);
    const target = vectorOf(this, y);
    const lanes = checkLanes(target, factor, source);
    for (let lane = 0; lane < lanes; lane++) {
      const value = sign * arena.doubles[factor.index(lane)];
      kernels.axpy(value, source.at(lane), target.at(lane), this.dimension);
    }
  }

  dot(x: Vector, y: Vector, out: Scalar): void {
    const { kernels, arena } = this.machine;
    const left = vectorOf(this, x);
    const right = vectorOf(this, y);
    const target = scalarOf(this, out);
    const lanes = checkLanes(target, left, right);
    for (let lane = 0; lane < lanes; lane++) {
      arena.doubles[target.index(lane)] = kernels.dot(left.at(lane), right.at(lane), this.dimension);
    }
  }

  norm(x: Vector, out: Scalar): void {
    const { kernels, arena } = this.machine;
    const source = vectorOf(this, x);
    const target = scalarOf(this, out);
    const lanes = checkLanes(target, source);
    for (let lane = 0; lane < lanes; lane++) {
      const at = source.at(lane);
      arena.doubles[target.index(lane)] = Math.sqrt(kernels.dot(at, at, this.dimension));
    }
  }

  normalise(x: Vector, out: Vector, length: Scalar, reference: Scalar): void {
    const { kernels, arena } = this.machine;
    const source = vectorOf(this, x);
    const target = vectorOf(this, out);
    const size = scalarOf(this, length);
    const against = scalarOf(this, reference);
    const lanes = checkLanes(target, source, against);
    if (size.lanes !== lanes) throw new Error(`${lanes} lengths do not go into ${size.lanes}`);
    for (let lane = 0; lane < lanes; lane++) {
      const limit = arena.doubles[against.index(lane)];
      arena.doubles[size.index(lane)] = kernels.normalise(source.at(lane), target.at(lane), limit, this.dimension);
    }
  }

  orthogonalise(x: Vector, basis: readonly Vector[], count: number): void {
    if (count === 0) return;
    const { kernels, stride } = this.machine;
    if (count > this.#coefficientRoom) throw new Error('a basis must come from `basis`');
    const target = vectorOf(this, x);
    const first = vectorOf(this, basis[0]);
    const step = first.lanes * stride;
    checkRow(this, basis, count, step);
    const lanes = checkLanes(target, first);
    for (let lane = 0; lane < lanes; lane++) {
      kernels.orthogonalise(target.at(lane), first.at(lane), step, count, this.#coefficients, this.dimension);
    }
  }

  combine(basis: readonly Vector[], coefficients: readonly Scalar[], out: Vector): void {
    const { kernels, stride } = this.machine;
    const count = coefficients.length;
    const target = vectorOf(this, out);
    const first = vectorOf(this, basis[0]);
    const factor = scalarOf(this, coefficients[0]);
    const step = first.lanes * stride;
    const spacing = 8 * factor.lanes;
    checkRow(this, basis, count, step);
    checkRow(this, coefficients, count, spacing);
    const lanes = checkLanes(target, first, factor);
    for (let lane = 0; lane < lanes; lane++) {
      const c = 8 * factor.index(lane);
      kernels.combine(first.at(lane), step, c, spacing, count, target.at(lane), this.dimension);
    }
  }

  /** Nothing waits: every operation has already run. */
  flush(): void {}

  dispose(): void {
    this.#living = null;
  }
}

function isList(target: Vector | readonly Scalar[]): target is readonly Scalar[] {
  return Array.isArray(target);
}
