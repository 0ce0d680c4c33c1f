/**
 * What is measured of a run at a step: loss, gradient norm, the top k eigenvalues of the Hessian with their residuals,
 * all over the whole data set, and λ₁ at the midpoint of the coming step, which may be one along a mini-batch's gradient.
 * Past the edge θ oscillates with period two and λ₁ at even and odd steps differs by up to 5 %; half-way between two steps
 * the oscillation cancels, so the midpoint is the steady line (Damian et al. 2023). A measurement is a pure function of θ,
 * the seed and the step: it draws from a stream of its own, starts Lanczos afresh, and leaves nothing behind that training
 * could notice.
 */
import { lambdaSeries, residualSeries, type SeriesId } from '../../experiment/catalogue';
import type { Breathe } from '../breathe';
import type { DeterministicMath } from '../deterministic';
import type { Batch, Landscape, Scalar, Vector } from '../landscape/landscape';
import type { Optimizer } from '../optimizers/optimizer';
import { randomStream } from '../random';
import { Lanczos, type RitzResult } from '../spectrum/lanczos';

/** Ritz pairs are settled at this relative residual; the eigenvalue's own error is of second order in it. */
const TOLERANCE = 1e-3;
const BATCH = 16;
const MOST_LANCZOS_STEPS = 96;

export interface Sample {
  readonly step: number;
  readonly values: ReadonlyMap<SeriesId, number>;
  readonly loss: number;
  readonly spectrum: RitzResult;
  /** Hessian-vector products spent. */
  readonly products: number;
}

export interface Eigenpairs {
  /** [k], largest first. */
  readonly values: Float64Array;
  /** [k, P], unit rows. */
  readonly vectors: Float64Array;
}

/** The step that a measured θ is about to take. */
export interface ComingStep {
  readonly optimizer: Optimizer;
  /** The optimiser's threshold in force. */
  readonly threshold: number;
  /** The examples whose gradient it follows; undefined: all. */
  readonly batch: Batch | undefined;
}

export interface Measured {
  /** L(θ) as the coming step will find it: over its mini-batch, if it has one. */
  readonly stepLoss: number;
  /** null where the curvature is not finite, and the loss then says why. */
  readonly sample: Sample | null;
}

export class Meter {
  readonly #landscape: Landscape;
  readonly #math: DeterministicMath;
  readonly #seed: number;
  readonly #k: number;
  readonly #lanczos: Lanczos;
  readonly #gradient: Vector;
  readonly #midpoint: Vector;
  readonly #scalars: readonly Scalar[];
  readonly #start: Float64Array;
  #vectors: { readonly out: readonly Vector[]; readonly coefficients: readonly Scalar[] } | null = null;
  readonly #product = (v: Vector, out: Vector): void => this.#landscape.hessianProduct(v, out);

  constructor(landscape: Landscape, math: DeterministicMath, seed: number, k: number) {
    this.#landscape = landscape;
    this.#math = math;
    this.#seed = seed;
    this.#k = Math.min(k, landscape.dimension);
    this.#lanczos = new Lanczos(landscape, MOST_LANCZOS_STEPS);
    this.#gradient = landscape.vector();
    this.#midpoint = landscape.vector();
    this.#scalars = landscape.scalars(3);
    this.#start = new Float64Array(landscape.dimension);
  }

  async #eigenvalues(theta: Vector, step: number, wanted: number, breathe: Breathe): Promise<RitzResult | null> {
    const random = randomStream(this.#math, this.#seed, 'probes', step);
    for (let i = 0; i < this.#start.length; i++) this.#start[i] = 2 * random.uniform() - 1;
    this.#landscape.linearise(theta);
    return this.#lanczos.run(this.#product, this.#start, { wanted, tolerance: TOLERANCE, batch: BATCH }, breathe);
  }

  /** The top k eigenvalues at θ alone; null where they are not finite. */
  sharpness(theta: Vector, step: number, breathe: Breathe): Promise<RitzResult | null> {
    return this.#eigenvalues(theta, step, this.#k, breathe);
  }

  /** Everything, at θ_step. */
  async measure(theta: Vector, step: number, coming: ComingStep, breathe: Breathe): Promise<Measured> {
    const { optimizer, threshold, batch } = coming;
    const landscape = this.#landscape;
    const [lossScalar, normScalar, stepLossScalar] = this.#scalars;
    landscape.gradient(theta, this.#gradient, lossScalar);
    landscape.norm(this.#gradient, normScalar);
    if (batch) landscape.gradient(theta, this.#gradient, stepLossScalar, batch);
    optimizer.midpoint(theta, this.#gradient, this.#midpoint);
    const spectrum = await this.sharpness(theta, step, breathe);
    const middle = spectrum && (await this.#eigenvalues(this.#midpoint, step, 1, breathe));
    const [[loss, norm, batchLoss]] = await landscape.read(this.#scalars);
    const stepLoss = batch ? batchLoss : loss;
    if (!spectrum || !middle) return { stepLoss, sample: null };

    const values = new Map<SeriesId, number>([
      ['loss.train', loss],
      ['gradient.norm', norm],
      ['threshold', threshold],
    ]);
    spectrum.values.forEach((value, i) => {
      const id = lambdaSeries(i + 1);
      values.set(id, value);
      values.set(residualSeries(id), spectrum.residuals[i]);
    });
    values.set('hessian.midpoint.lambda1', middle.values[0]);
    values.set('hessian.midpoint.lambda1.residual', middle.residuals[0]);
    return { stepLoss, sample: { step, values, loss, spectrum, products: spectrum.iterations + middle.iterations } };
  }

  /** Unit eigenvectors (Ritz vectors) of the top k at θ, [k, P] row-major, beside their values; null as `sharpness`. */
  async eigenvectors(theta: Vector, step: number, breathe: Breathe): Promise<Eigenpairs | null> {
    const result = await this.sharpness(theta, step, breathe);
    if (!result) return null;
    const { values } = result;
    const landscape = this.#landscape;
    this.#vectors ??= { out: landscape.basis(this.#k), coefficients: landscape.scalars(this.#lanczos.most) };
    const out = this.#vectors.out.slice(0, values.length);
    this.#lanczos.ritzVectors(out, this.#vectors.coefficients);
    const rows = await landscape.read(...out);
    const vectors = new Float64Array(values.length * landscape.dimension);
    rows.forEach((row, i) => vectors.set(row, i * landscape.dimension));
    return { values, vectors };
  }
}
