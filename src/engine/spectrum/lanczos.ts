/**
 * The largest eigenvalues of a symmetric operator by Lanczos with full reorthogonalisation (Paige 1972; Parlett 1998,
 * ch. 13). Without reorthogonalisation converged eigenvalues come back as ghosts; with at most about a hundred steps,
 * two Gram–Schmidt sweeps a step are cheap beside the products. Nothing is read from the device until a whole batch of
 * steps is enqueued: one submission and one read-back of the batch's α and β. Where the wanted Ritz pairs have not
 * settled, the same basis is extended by another batch.
 */
import type { Breathe } from '../breathe';
import type { Scalar, Vector, VectorAlgebra } from '../landscape/landscape';
import { tridiagonalEigen } from './tridiagonal';

export interface LanczosOptions {
  /** Eigenvalues wanted from the top (largest algebraic). */
  readonly wanted: number;
  /** Settled when the residual of each wanted pair is at most this fraction of max(|λᵢ|, |λ₁|/10). */
  readonly tolerance: number;
  /** Steps before the first look at the residuals, and in each batch after it. */
  readonly batch: number;
}

export interface RitzResult {
  /**
   * Wanted Ritz values, largest first. A Krylov space holds one vector of each eigenspace: a repeated eigenvalue is
   * found once, and there are fewer values where the operator has fewer distinct ones.
   */
  readonly values: Float64Array;
  /** ‖Hv − λv‖ of each wanted pair, with the arithmetic's own floor: an eigenvalue lies within it. */
  readonly residuals: Float64Array;
  /** All Ritz values of the last step, largest first. */
  readonly ritz: Float64Array;
  /** Products spent. */
  readonly iterations: number;
  readonly converged: boolean;
}

export class Lanczos {
  /** Most steps; a basis of this many vectors + 1 is kept on the device. */
  readonly most: number;
  readonly #algebra: VectorAlgebra;
  readonly #basis: readonly Vector[];
  readonly #work: Vector;
  readonly #alpha: readonly Scalar[];
  readonly #beta: readonly Scalar[];
  readonly #scale: readonly Scalar[];
  #iterations = 0;
  #diagonal: Float64Array = new Float64Array(0);
  #offDiagonal: Float64Array = new Float64Array(0);

  constructor(algebra: VectorAlgebra, most: number) {
    this.most = Math.min(most, algebra.dimension);
    this.#algebra = algebra;
    this.#basis = algebra.basis(this.most + 1);
    this.#work = algebra.vector();
    this.#alpha = algebra.scalars(this.most);
    this.#beta = algebra.scalars(this.most);
    this.#scale = algebra.scalars(this.most + 1);
  }

  /**
   * Runs from `start` ([P], any length, not 0) until the wanted pairs have settled or `most` steps are spent. Resolves
   * with null where the operator's values are not finite (a diverged run).
   */
  async run(
    product: (v: Vector, out: Vector) => void,
    start: ArrayLike<number>,
    options: LanczosOptions,
    breathe: Breathe,
  ): Promise<RitzResult | null> {
    const algebra = this.#algebra;
    algebra.write(this.#work, start);
    // The last scale is never written: a reference of zero lets any start through.
    algebra.normalise(this.#work, this.#basis[0], this.#beta[0], this.#scale[this.most]);
    this.#iterations = 0;
    for (;;) {
      const upTo = Math.min(this.most, this.#iterations + options.batch);
      for (let j = this.#iterations; j < upTo; j++) {
        this.#step(product, j);
        const pause = breathe();
        if (pause) await pause;
      }
      const [alpha, beta] = await algebra.read(this.#alpha.slice(0, upTo), this.#beta.slice(0, upTo));
      if (![...alpha, ...beta].every(Number.isFinite)) return null;
      // A zero β is a breakdown: the basis spans an invariant subspace, and all after it is zero.
      const breakdown = beta.indexOf(0);
      this.#iterations = breakdown < 0 ? upTo : breakdown + 1;
      this.#diagonal = alpha.subarray(0, this.#iterations);
      this.#offDiagonal = beta.subarray(0, this.#iterations);
      const result = this.#ritz(options, upTo);
      if (result.converged || this.#iterations < upTo || upTo === this.most) return result;
    }
  }

  /** Unit Ritz vectors of the last run's largest values, written to `out` one by one. */
  ritzVectors(out: readonly Vector[], coefficients: readonly Scalar[]): void {
    const m = this.#iterations;
    const all = Array.from({ length: m }, (_, i) => i);
    const { rows } = tridiagonalEigen(this.#diagonal, this.#offDiagonal, all);
    out.forEach((vector, i) => {
      rows.forEach((row, j) => this.#algebra.write(coefficients[j], [row[i]]));
      this.#algebra.combine(this.#basis.slice(0, m), coefficients.slice(0, m), vector);
    });
  }

  #step(product: (v: Vector, out: Vector) => void, j: number): void {
    const algebra = this.#algebra;
    const q = this.#basis[j];
    product(q, this.#work);
    algebra.norm(this.#work, this.#scale[j]);
    algebra.dot(q, this.#work, this.#alpha[j]);
    algebra.orthogonalise(this.#work, this.#basis, j + 1);
    algebra.orthogonalise(this.#work, this.#basis, j + 1);
    algebra.normalise(this.#work, this.#basis[j + 1], this.#beta[j], this.#scale[j]);
  }

  #ritz({ wanted, tolerance }: LanczosOptions, products: number): RitzResult {
    const m = this.#iterations;
    const { values: ritz, rows } = tridiagonalEigen(this.#diagonal, this.#offDiagonal, [m - 1]);
    const count = Math.min(wanted, m);
    const norm = Math.max(Math.abs(ritz[0]), Math.abs(ritz[m - 1]));
    // What rounding in the product alone leaves of a residual.
    const floor = 8 * this.#algebra.roundoff * norm;
    const residuals = new Float64Array(count);
    let converged = true;
    for (let i = 0; i < count; i++) {
      const bound = Math.abs(this.#offDiagonal[m - 1] * rows[0][i]);
      residuals[i] = Math.sqrt(bound * bound + floor * floor);
      const scale = Math.max(Math.abs(ritz[i]), 0.1 * Math.abs(ritz[0]));
      if (bound > tolerance * scale + floor) converged = false;
    }
    return { values: ritz.slice(0, count), residuals, ritz, iterations: products, converged };
  }
}
