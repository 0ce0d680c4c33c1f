/**
 * The weight gradients G += Aᵀ Δ, and the twin of the R-operator G += Aᵀ RΔ + RAᵀ Δ: sums over the examples, which lie
 * along the lanes, so each entry is a dot product. Tiles of 2 rows × 4 columns hold 8 accumulators; examples are taken
 * in chunks whose Δ fits the first-level cache. The order of summation is fixed by the shapes alone.
 */
import { CELL, HALF, addLaneSum, addLaneSums, laneSum, multiplyAdd } from './lanes';

/** Bytes of Δ in a chunk of examples. */
const CHUNK: usize = 32768;

/** Rows i, i + 1 × columns j … j + 3 of G; a2 = 0: one product only. Steps are bytes from block to block. */
function tile2x4<S>(
  a: usize,
  d: usize,
  a2: usize,
  d2: usize,
  aStep: usize,
  dStep: usize,
  blocks: usize,
  g: usize,
  gRow: usize,
): void {
  let c00 = v128.splat<S>(0);
  let c01 = c00;
  let c02 = c00;
  let c03 = c00;
  let c10 = c00;
  let c11 = c00;
  let c12 = c00;
  let c13 = c00;
  while (true) {
    for (let half: usize = 0; half < CELL; half += HALF) {
      let p = a + half;
      let q = d + half;
      for (const end = q + blocks * dStep; q < end; p += aStep, q += dStep) {
        const x0 = v128.load(p);
        const x1 = v128.load(p, CELL);
        let y = v128.load(q);
        c00 = multiplyAdd<S>(c00, x0, y);
        c10 = multiplyAdd<S>(c10, x1, y);
        y = v128.load(q, CELL);
        c01 = multiplyAdd<S>(c01, x0, y);
        c11 = multiplyAdd<S>(c11, x1, y);
        y = v128.load(q, 2 * CELL);
        c02 = multiplyAdd<S>(c02, x0, y);
        c12 = multiplyAdd<S>(c12, x1, y);
        y = v128.load(q, 3 * CELL);
        c03 = multiplyAdd<S>(c03, x0, y);
        c13 = multiplyAdd<S>(c13, x1, y);
      }
    }
    if (!a2) break;
    a = a2;
    d = d2;
    a2 = 0;
  }
  addLaneSums<S>(g, c00, c01, c02, c03);
  addLaneSums<S>(g + gRow, c10, c11, c12, c13);
}

function tile1x4<S>(
  a: usize,
  d: usize,
  a2: usize,
  d2: usize,
  aStep: usize,
  dStep: usize,
  blocks: usize,
  g: usize,
): void {
  let c0 = v128.splat<S>(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  while (true) {
    for (let half: usize = 0; half < CELL; half += HALF) {
      let p = a + half;
      let q = d + half;
      for (const end = q + blocks * dStep; q < end; p += aStep, q += dStep) {
        const x = v128.load(p);
        c0 = multiplyAdd<S>(c0, x, v128.load(q));
        c1 = multiplyAdd<S>(c1, x, v128.load(q, CELL));
        c2 = multiplyAdd<S>(c2, x, v128.load(q, 2 * CELL));
        c3 = multiplyAdd<S>(c3, x, v128.load(q, 3 * CELL));
      }
    }
    if (!a2) break;
    a = a2;
    d = d2;
    a2 = 0;
  }
  addLaneSums<S>(g, c0, c1, c2, c3);
}

/** Four rows of one column: what is left when the fan-out is not a multiple of four. */
function tile4x1<S>(
  a: usize,
  d: usize,
  a2: usize,
  d2: usize,
  aStep: usize,
  dStep: usize,
  blocks: usize,
  g: usize,
  gRow: usize,
): void {
  let c0 = v128.splat<S>(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  while (true) {
    for (let half: usize = 0; half < CELL; half += HALF) {
      let p = a + half;
      let q = d + half;
      for (const end = q + blocks * dStep; q < end; p += aStep, q += dStep) {
        const y = v128.load(q);
        c0 = multiplyAdd<S>(c0, v128.load(p), y);
        c1 = multiplyAdd<S>(c1, v128.load(p, CELL), y);
        c2 = multiplyAdd<S>(c2, v128.load(p, 2 * CELL), y);
        c3 = multiplyAdd<S>(c3, v128.load(p, 3 * CELL), y);
      }
    }
    if (!a2) break;
    a = a2;
    d = d2;
    a2 = 0;
  }
  addLaneSum<S>(g, c0);
  addLaneSum<S>(g + gRow, c1);
  addLaneSum<S>(g + 2 * gRow, c2);
  addLaneSum<S>(g + 3 * gRow, c3);
}

function tile1x1<S>(
  a: usize,
  d: usize,
  a2: usize,
  d2: usize,
  aStep: usize,
  dStep: usize,
  blocks: usize,
  g: usize,
): void {
  let c = v128.splat<S>(0);
  while (true) {
    for (let half: usize = 0; half < CELL; half += HALF) {
      let p = a + half;
      let q = d + half;
      for (const end = q + blocks * dStep; q < end; p += aStep, q += dStep) {
        c = multiplyAdd<S>(c, v128.load(p), v128.load(q));
      }
    }
    if (!a2) break;
    a = a2;
    d = d2;
    a2 = 0;
  }
  addLaneSum<S>(g, c);
}

/**
 * g [M × N scalars, row-major] ← aᵀ d (+ a2ᵀ d2 where a2 ≠ 0), with a, a2 [blocks][M cells] and d, d2 [blocks][N cells].
 */
export function correlate<S>(
  a: usize,
  d: usize,
  a2: usize,
  d2: usize,
  M: usize,
  N: usize,
  blocks: usize,
  g: usize,
): void {
  const size = sizeof<S>();
  const aStep = M * CELL;
  const dStep = N * CELL;
  const gRow = N * size;
  memory.fill(g, 0, M * gRow);
  const chunk = max<usize>(1, CHUNK / dStep);
  for (let done: usize = 0; done < blocks; done += chunk) {
    const count = min<usize>(chunk, blocks - done);
    const aAt = a + done * aStep;
    const dAt = d + done * dStep;
    const a2At = a2 ? a2 + done * aStep : 0;
    const d2At = d2 + done * dStep;
    const quads = N & ~3;
    let i: usize = 0;
    for (; i + 2 <= M; i += 2) {
      const x = i * CELL;
      const row = g + i * gRow;
      for (let j: usize = 0; j < quads; j += 4) {
        const y = j * CELL;
        const twin = a2At ? a2At + x : 0;
        tile2x4<S>(aAt + x, dAt + y, twin, d2At + y, aStep, dStep, count, row + j * size, gRow);
      }
    }
    if (i < M) {
      const x = i * CELL;
      for (let j: usize = 0; j < quads; j += 4) {
        const y = j * CELL;
        const twin = a2At ? a2At + x : 0;
        tile1x4<S>(aAt + x, dAt + y, twin, d2At + y, aStep, dStep, count, g + i * gRow + j * size);
      }
    }
    for (let j = quads; j < N; j++) {
      const y = j * CELL;
      let i: usize = 0;
      for (; i + 4 <= M; i += 4) {
        const x = i * CELL;
        const twin = a2At ? a2At + x : 0;
        tile4x1<S>(aAt + x, dAt + y, twin, d2At + y, aStep, dStep, count, g + i * gRow + j * size, gRow);
      }
      for (; i < M; i++) {
        const x = i * CELL;
        const twin = a2At ? a2At + x : 0;
        tile1x1<S>(aAt + x, dAt + y, twin, d2At + y, aStep, dStep, count, g + i * gRow + j * size);
      }
    }
  }
}

/** g [N scalars] ← sums over the examples of d [blocks][N cells]: the bias gradients. */
export function sumExamples<S>(d: usize, N: usize, blocks: usize, g: usize): void {
  const step = N * CELL;
  for (let j: usize = 0; j < N; j++, d += CELL, g += sizeof<S>()) {
    let c0 = v128.splat<S>(0);
    let c1 = c0;
    for (let q = d, end = d + blocks * step; q < end; q += step) {
      c0 = v128.add<S>(c0, v128.load(q));
      c1 = v128.add<S>(c1, v128.load(q, HALF));
    }
    store<S>(g, laneSum<S>(v128.add<S>(c0, c1)));
  }
}
