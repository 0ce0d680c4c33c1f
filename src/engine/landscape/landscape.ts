/**
 * The contract every engine fulfils: the loss surface L(θ) of one network on one data set on one device. Optimisers,
 * Lanczos and instruments are written once against it.
 *
 * Operations are *enqueued*: they take effect in order, scalars stay on the device, and only `read` waits. An engine on
 * the CPU may run them at once. No operation allocates; vectors and scalars are made beforehand and live as long as the
 * landscape. Numbers handed in are checked by the caller: shapes that do not fit are bugs and throw at once.
 *
 * Lanes: a vector has shape [lanes, P] and a scalar [lanes]. Lane l of every operand meets lane l of every other; an
 * operand with one lane meets all of them (broadcast). Outputs have the largest lane count among the inputs.
 */
import type { ActivationId, EngineId, LossId, Precision } from '../../experiment/experiment';

/** A fully connected network. Layer l (1-based) maps sizes[l-1] → sizes[l]; all but the last are followed by φ. */
export interface Network {
  readonly sizes: readonly number[];
  /** One flag per layer. */
  readonly biases: readonly boolean[];
  readonly activation: ActivationId;
}

/** What a landscape is made of. Row-major: inputs [examples, sizes[0]], targets [examples, sizes.at(-1)]. */
export interface Problem {
  readonly network: Network;
  /** 'mse': mean over examples of ½ Σ_outputs (f − y)²; 'ce': mean over examples of −Σ y log softmax(f). */
  readonly loss: LossId;
  readonly examples: number;
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
}

export interface Device {
  readonly engine: EngineId;
  /** The device's own name, fit for the page: "WebAssembly SIMD, 1 thread", "NVIDIA … (Vulkan)". */
  readonly name: string;
  readonly precision: Precision;
  /** Same link, same bits, on every device. */
  readonly deterministic: boolean;
}

/** A device array of shape [lanes, P]. Opaque: only the landscape that made it can use it. */
export interface Vector {
  readonly lanes: number;
}

/** A device array of shape [lanes]. */
export interface Scalar {
  readonly lanes: number;
}

/**
 * A mini-batch on the device: example indices of shape [lanes, size]. One lane of it meets every lane of θ; a batch of
 * several lanes gives each its own examples. The same example may occur more than once.
 */
export interface Batch {
  readonly lanes: number;
  /** Examples in one lane. */
  readonly size: number;
}

/** Evaluates the network on other inputs than the training data (a decision surface, a fitted curve). */
export interface Predictor {
  /** Network outputs, row-major [rows, sizes.at(-1)], at lane 0 of θ. */
  outputs(theta: Vector): Promise<Float32Array>;
}

/** Vectors of one length on one device, and the linear algebra that Lanczos and the optimisers are written in. */
export interface VectorAlgebra {
  /** P, the number of parameters. */
  readonly dimension: number;
  /** Unit round-off of the engine's arithmetic: 2^-24 for f32, 2^-53 for f64. */
  readonly roundoff: number;

  vector(lanes?: number): Vector;
  /** `count` vectors that lie one after another, as `orthogonalise` and `combine` need them. */
  basis(count: number, lanes?: number): readonly Vector[];
  /** `count` scalars that lie one after another, so that `read` fetches them in one piece. */
  scalars(count: number, lanes?: number): readonly Scalar[];

  /** Host → device. `values` has lanes · P (vector) or lanes (scalar) entries; a shorter array of one lane is repeated. */
  write(target: Vector | Scalar, values: ArrayLike<number>): void;
  /** Device → host, after everything enqueued before it; a list of scalars comes as [count, lanes]. Exact copies. */
  read(...targets: readonly (Vector | readonly Scalar[])[]): Promise<Float64Array[]>;

  /** to ← from */
  copy(from: Vector, to: Vector): void;
  /** x ← a x */
  scale(a: Scalar, x: Vector): void;
  /** y ← y + sign · a x */
  axpy(sign: 1 | -1, a: Scalar, x: Vector, y: Vector): void;
  /** out ← x · y */
  dot(x: Vector, y: Vector, out: Scalar): void;
  /** out ← ‖x‖₂ */
  norm(x: Vector, out: Scalar): void;
  /**
   * length ← ‖x‖₂ and out ← x / ‖x‖₂; where ‖x‖₂ ≤ 8 roundoff · reference (a Lanczos breakdown: nothing but rounding
   * is left) both become 0, so that every later product with `out` vanishes too.
   */
  normalise(x: Vector, out: Vector, length: Scalar, reference: Scalar): void;
  /** x ← x − Σ_{i<count} q_i (q_i · x), all products taken with the incoming x (one classical Gram–Schmidt sweep). */
  orthogonalise(x: Vector, basis: readonly Vector[], count: number): void;
  /** out ← Σ_i coefficients[i] · basis[i], over the coefficients given. */
  combine(basis: readonly Vector[], coefficients: readonly Scalar[], out: Vector): void;

  /** Hands everything enqueued to the device without waiting for it. */
  flush(): void;
}

export interface Landscape extends VectorAlgebra {
  readonly problem: Problem;
  readonly device: Device;

  /** `count` mini-batches that lie one after another, so that `choose` fills them in one piece; all of example 0 at first. */
  batches(count: number, size: number, lanes?: number): readonly Batch[];
  /** Host → device: the examples of these batches, [count, lanes, size], each index from 0 to examples − 1. */
  choose(batches: readonly Batch[], examples: Uint32Array): void;

  /** out ← L(θ), here and below over the examples of the batch where one is given: the mean over those alone. */
  value(theta: Vector, out: Scalar, batch?: Batch): void;
  /** out ← ∇L(θ), loss ← L(θ) */
  gradient(theta: Vector, out: Vector, loss: Scalar, batch?: Batch): void;
  /** Keeps the primal activations, deltas and activation derivatives at θ for the products that follow. */
  linearise(theta: Vector, batch?: Batch): void;
  /** out ← ∇²L(θ) v at the θ and batch of the last `linearise`, exact (Pearlmutter 1994, the R-operator). */
  hessianProduct(v: Vector, out: Vector): void;

  predictor(rows: number, inputs: Float64Array): Predictor;

  dispose(): void;
}

/** Makes landscapes on one device. */
export interface Engine {
  readonly device: Device;
  landscape(problem: Problem): Promise<Landscape>;
  /** Settles when the device is lost for good (never, on the CPU). */
  readonly lost: Promise<string>;
  dispose(): void;
}
