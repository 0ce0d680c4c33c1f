/**
 * Eigenvalues of a small symmetric tridiagonal matrix, with as many rows of the eigenvector matrix as are asked for:
 * implicit QL with Wilkinson shifts (Bowdler, Martin, Reinsch & Wilkinson 1968; Parlett 1998, ch. 8). Lanczos needs only
 * the last row for residuals, which makes the whole O(m²) instead of O(m³); quadrature will need the first.
 */

export interface TridiagonalEigen {
  /** Largest first, [m]. */
  readonly values: Float64Array;
  /** For each row asked for, that component of every eigenvector, in the order of `values`. */
  readonly rows: readonly Float64Array[];
}

/** More sweeps than any matrix of finite numbers has ever needed for one eigenvalue. */
const MOST_SWEEPS = 60;

/** `diagonal`: [m]; `offDiagonal`: at least [m − 1]; `rows`: 0-based. Throws RangeError on numbers that are not finite. */
export function tridiagonalEigen(
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  rows: readonly number[],
): TridiagonalEigen {
  const m = diagonal.length;
  const d = Float64Array.from(diagonal);
  const e = new Float64Array(m);
  e.set(offDiagonal.subarray(0, m - 1));
  if (![...d, ...e].every(Number.isFinite))
    throw new RangeError('The tridiagonal matrix has entries that are not finite.');
  // Squares must neither overflow nor underflow in a rotation, or the rows would not stay orthonormal.
  const norm = [...d, ...e].reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const unit = norm !== 0 && (norm < 1e-100 || norm > 1e100) ? norm : 1;
  for (const x of [d, e]) x.forEach((value, i) => (x[i] = value / unit));
  const nothing = (1e-30 * norm) / unit;
  const z = rows.map((row) => Float64Array.from({ length: m }, (_, i) => (i === row ? 1 : 0)));

  for (let l = 0; l < m; l++) {
    for (let sweep = 0; ; sweep++) {
      const split = firstSplit(d, e, l, nothing);
      if (split === l) break;
      if (sweep === MOST_SWEEPS) throw new RangeError('The tridiagonal eigenvalue iteration does not settle.');
      qlSweep(d, e, z, l, split);
    }
  }

  const order = Uint32Array.from({ length: m }, (_, i) => i).sort((a, b) => d[b] - d[a]);
  const sorted = (x: Float64Array): Float64Array => Float64Array.from(order, (i) => x[i]);
  return { values: sorted(d).map((value) => value * unit), rows: z.map(sorted) };
}

/** The first index from l on whose off-diagonal entry is nothing beside its neighbours on the diagonal, or at all. */
function firstSplit(d: Float64Array, e: Float64Array, l: number, nothing: number): number {
  let i = l;
  for (; i < d.length - 1; i++) {
    const scale = Math.abs(d[i]) + Math.abs(d[i + 1]);
    if (Math.abs(e[i]) <= Math.max(Number.EPSILON * scale, nothing)) break;
  }
  return i;
}

/** One implicit QL sweep on rows l … split, rotations applied to every row of z. */
function qlSweep(d: Float64Array, e: Float64Array, z: readonly Float64Array[], l: number, split: number): void {
  const half = (d[l + 1] - d[l]) / (2 * e[l]);
  const root = Math.sqrt(half * half + 1);
  let g = d[split] - d[l] + e[l] / (half + (half < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let p = 0;
  for (let i = split - 1; i >= l; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // The matrix split here by exact cancellation; what is left is dealt with by the next sweep.
      d[i + 1] -= p;
      e[split] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    const shifted = d[i + 1] - p;
    const t = (d[i] - shifted) * sine + 2 * cosine * b;
    p = sine * t;
    d[i + 1] = shifted + p;
    g = cosine * t - b;
    for (const row of z) {
      const above = row[i + 1];
      row[i + 1] = sine * row[i] + cosine * above;
      row[i] = cosine * row[i] - sine * above;
    }
  }
  d[l] -= p;
  e[l] = g;
  e[split] = 0;
}
