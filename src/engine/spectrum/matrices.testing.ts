/**
 * Test support: symmetric matrices with known spectra, and the vector algebra of the landscape contract on plain f64
 * arrays, so that Lanczos can be tried on any operator.
 */
import { EigenvalueDecomposition, Matrix, QrDecomposition } from 'ml-matrix';
import { mulberry32 } from '../landscape/fixtures.testing';
import type { Scalar, Vector, VectorAlgebra } from '../landscape/landscape';

export function randomVector(length: number, seed: number): Float64Array {
  const uniform = mulberry32(seed);
  return Float64Array.from({ length }, () => 2 * uniform() - 1);
}

/** Q diag(values) Qᵀ with a random orthogonal Q. */
export function withSpectrum(values: readonly number[], seed: number): Matrix {
  const n = values.length;
  const q = new QrDecomposition(Matrix.from1DArray(n, n, randomVector(n * n, seed))).orthogonalMatrix;
  const a = q.mmul(Matrix.diag([...values])).mmul(q.transpose());
  return a.add(a.transpose()).mul(0.5);
}

/** All eigenvalues of a symmetric matrix, largest first. */
export function denseEigenvalues(a: Matrix): number[] {
  return new EigenvalueDecomposition(a, { assumeSymmetric: true }).realEigenvalues.sort((x, y) => y - x);
}

class HostVector implements Vector {
  readonly lanes = 1;
  readonly data: Float64Array;
  constructor(data: Float64Array) {
    this.data = data;
  }
}
class HostScalar implements Scalar {
  readonly lanes = 1;
  value = 0;
}
const data = (v: Vector): Float64Array => (v as HostVector).data;
const host = (s: Scalar): HostScalar => s as HostScalar;
const inner = (x: Float64Array, y: Float64Array): number => x.reduce((sum, v, i) => sum + v * y[i], 0);

export class HostAlgebra implements VectorAlgebra {
  readonly dimension: number;
  readonly roundoff = 2 ** -53;
  constructor(dimension: number) {
    this.dimension = dimension;
  }
  vector(): Vector {
    return new HostVector(new Float64Array(this.dimension));
  }
  basis(count: number): readonly Vector[] {
    return Array.from({ length: count }, () => this.vector());
  }
  scalars(count: number): readonly Scalar[] {
    return Array.from({ length: count }, () => new HostScalar());
  }
  write(target: Vector | Scalar, values: ArrayLike<number>): void {
    if (target instanceof HostVector) target.data.set(values);
    else host(target).value = values[0];
  }
  read(...targets: readonly (Vector | readonly Scalar[])[]): Promise<Float64Array[]> {
    return Promise.resolve(
      targets.map((t) =>
        t instanceof HostVector ? t.data.slice() : Float64Array.from(t as readonly Scalar[], (s) => host(s).value),
      ),
    );
  }
  copy(from: Vector, to: Vector): void {
    data(to).set(data(from));
  }
  scale(a: Scalar, x: Vector): void {
    data(x).forEach((v, i) => (data(x)[i] = host(a).value * v));
  }
  axpy(sign: 1 | -1, a: Scalar, x: Vector, y: Vector): void {
    data(x).forEach((v, i) => (data(y)[i] += sign * host(a).value * v));
  }
  dot(x: Vector, y: Vector, out: Scalar): void {
    host(out).value = inner(data(x), data(y));
  }
  norm(x: Vector, out: Scalar): void {
    host(out).value = Math.sqrt(inner(data(x), data(x)));
  }
  normalise(x: Vector, out: Vector, length: Scalar, reference: Scalar): void {
    const norm = Math.sqrt(inner(data(x), data(x)));
    const broken = norm <= 8 * this.roundoff * host(reference).value;
    host(length).value = broken ? 0 : norm;
    data(x).forEach((v, i) => (data(out)[i] = broken ? 0 : v / norm));
  }
  orthogonalise(x: Vector, basis: readonly Vector[], count: number): void {
    const overlaps = basis.slice(0, count).map((q) => inner(data(q), data(x)));
    overlaps.forEach((c, k) => data(basis[k]).forEach((v, i) => (data(x)[i] -= c * v)));
  }
  combine(basis: readonly Vector[], coefficients: readonly Scalar[], out: Vector): void {
    data(out).fill(0);
    coefficients.forEach((c, k) => data(basis[k]).forEach((v, i) => (data(out)[i] += host(c).value * v)));
  }
  flush(): void {}

  /** out ← A v */
  product(a: Matrix): (v: Vector, out: Vector) => void {
    const rows = a.to2DArray().map((row) => Float64Array.from(row));
    return (v, out) => data(out).set(rows.map((row) => inner(row, data(v))));
  }
}
