/**
 * The gradients of a layer, G = Aᵀ Δ and the sums of Δ, and the twin of the R-operator, G = Aᵀ RΔ + RAᵀ Δ: sums over the
 * examples, which lie along the lanes, so each entry is a dot product of two rows of registers.
 *
 * A chunk of examples at a time, the features are packed in fours, the last filled up with zeros: a panel [registers][4]
 * that a tile of 2 × 4 entries reads from end to end. Unpacked, the registers of one feature lie a block apart, often a
 * power of two, where they evict each other from the cache. In the twin the registers of both products follow one another
 * in the panel, so that one loop does both. The order of summation is fixed by the shapes alone.
 */
import { CELL, HALF, addLaneSums, laneSum, multiplyAdd } from './lanes';

/** Blocks of examples in a chunk: its panels are 8 KB each, and three or four fit the first-level cache. */
const CHUNK: usize = 64;
/** Bytes from step to step of a panel. */
const STEP: usize = 4 * HALF;
/** Where the sums of a tile that is not full wait: 2 × 4 scalars. */
const PARTIAL: usize = memory.data(64, 16);

/** Bytes of room that `correlate` needs for layers of at most `widest` features and `blocks` blocks of examples. */
export function panelBytes(widest: usize, blocks: usize): usize {
  return (widest + 3 + 4) * min<usize>(CHUNK, 2 * blocks) * CELL;
}

/** Packs 4 of the features at `from`, whose blocks lie `step` bytes apart, and adds their sums to `sums` unless 0. */
function packFour<S>(from: usize, step: usize, blocks: usize, to: usize, sums: usize): void {
  let c0 = v128.splat<S>(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  for (const end = to + blocks * 2 * STEP; to < end; from += step, to += 2 * STEP) {
    const x0 = v128.load(from);
    const y0 = v128.load(from, HALF);
    const x1 = v128.load(from, CELL);
    const y1 = v128.load(from, CELL + HALF);
    const x2 = v128.load(from, 2 * CELL);
    const y2 = v128.load(from, 2 * CELL + HALF);
    const x3 = v128.load(from, 3 * CELL);
    const y3 = v128.load(from, 3 * CELL + HALF);
    v128.store(to, x0);
    v128.store(to, x1, HALF);
    v128.store(to, x2, 2 * HALF);
    v128.store(to, x3, 3 * HALF);
    v128.store(to, y0, STEP);
    v128.store(to, y1, STEP + HALF);
    v128.store(to, y2, STEP + 2 * HALF);
    v128.store(to, y3, STEP + 3 * HALF);
    c0 = v128.add<S>(c0, v128.add<S>(x0, y0));
    c1 = v128.add<S>(c1, v128.add<S>(x1, y1));
    c2 = v128.add<S>(c2, v128.add<S>(x2, y2));
    c3 = v128.add<S>(c3, v128.add<S>(x3, y3));
  }
  if (sums) addLaneSums<S>(sums, c0, c1, c2, c3);
}

/** The same for the last `features` < 4, with zeros in place of the others. */
function packRest<S>(from: usize, step: usize, features: usize, blocks: usize, to: usize, sums: usize): void {
  const bytes = blocks * 2 * STEP;
  memory.fill(to, 0, bytes);
  for (let i: usize = 0; i < features; i++, to += HALF, from += CELL) {
    let c = v128.splat<S>(0);
    for (let p = to, at = from, end = to + bytes; p < end; p += 2 * STEP, at += step) {
      const x = v128.load(at);
      const y = v128.load(at, HALF);
      v128.store(p, x);
      v128.store(p, y, STEP);
      c = v128.add<S>(c, v128.add<S>(x, y));
    }
    if (sums) {
      const sum = sums + i * sizeof<S>();
      store<S>(sum, <S>(load<S>(sum) + laneSum<S>(c)));
    }
  }
}

function pack<S>(from: usize, step: usize, features: usize, blocks: usize, to: usize, sums: usize): void {
  if (features < 4) packRest<S>(from, step, features, blocks, to, sums);
  else packFour<S>(from, step, blocks, to, sums);
}

/**
 * A tile: rows 0 and 1 of the panel at p × the four of the panel at q. Of the entries `rows` × `columns` exist; they are
 * added to g, with `down` bytes from row to row and `across` from column to column. Inlined, since V8 unrolls loops by
 * their depth in a function: 36 → 43 GFLOP/s.
 */
// @inline
function tile<S>(
  p: usize,
  q: usize,
  steps: usize,
  rows: usize,
  columns: usize,
  g: usize,
  down: usize,
  across: usize,
): void {
  let c00 = v128.splat<S>(0);
  let c01 = c00;
  let c02 = c00;
  let c03 = c00;
  let c10 = c00;
  let c11 = c00;
  let c12 = c00;
  let c13 = c00;
  for (const end = q + steps * STEP; q < end; p += STEP, q += STEP) {
    const x0 = v128.load(p);
    const x1 = v128.load(p, HALF);
    let y = v128.load(q);
    c00 = multiplyAdd<S>(c00, x0, y);
    c10 = multiplyAdd<S>(c10, x1, y);
    y = v128.load(q, HALF);
    c01 = multiplyAdd<S>(c01, x0, y);
    c11 = multiplyAdd<S>(c11, x1, y);
    y = v128.load(q, 2 * HALF);
    c02 = multiplyAdd<S>(c02, x0, y);
    c12 = multiplyAdd<S>(c12, x1, y);
    y = v128.load(q, 3 * HALF);
    c03 = multiplyAdd<S>(c03, x0, y);
    c13 = multiplyAdd<S>(c13, x1, y);
  }
  const size = sizeof<S>();
  if (rows == 2 && columns == 4 && across == size) {
    addLaneSums<S>(g, c00, c01, c02, c03);
    addLaneSums<S>(g + down, c10, c11, c12, c13);
  } else {
    for (let at: usize = 0; at < 8 * size; at += HALF) v128.store(PARTIAL + at, v128.splat<S>(0));
    addLaneSums<S>(PARTIAL, c00, c01, c02, c03);
    addLaneSums<S>(PARTIAL + 4 * size, c10, c11, c12, c13);
    for (let i: usize = 0; i < rows; i++) {
      for (let j: usize = 0; j < columns; j++) {
        const to = g + i * down + j * across;
        store<S>(to, <S>(load<S>(to) + load<S>(PARTIAL + (4 * i + j) * size)));
      }
    }
  }
}

/**
 * g [M × N scalars, row-major] ← aᵀ d (+ a2ᵀ d2 where a2 ≠ 0), with a, a2 [blocks][M cells] and d, d2 [blocks][N cells];
 * sums [N scalars] ← sums of d, unless 0. `room` has panelBytes(max(M, N), blocks).
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
  sums: usize,
  room: usize,
): void {
  const size = sizeof<S>();
  const aStep = M * CELL;
  const dStep = N * CELL;
  const gRow = N * size;
  memory.fill(g, 0, M * gRow);
  if (sums) memory.fill(sums, 0, gRow);
  const chunk = a2 ? CHUNK / 2 : CHUNK;
  for (let done: usize = 0; done < blocks; done += chunk) {
    const taken = min<usize>(chunk, blocks - done);
    const product = taken * 2 * STEP;
    const steps = (a2 ? 4 : 2) * taken;
    const panel = steps * STEP;
    const rowPanel = room;
    const columnPanels = room + panel;
    let to = columnPanels;
    for (let j: usize = 0; j < N; j += 4, to += panel) {
      const at = done * dStep + j * CELL;
      pack<S>(d + at, dStep, N - j, taken, to, sums ? sums + j * size : 0);
      if (a2) pack<S>(d2 + at, dStep, N - j, taken, to + product, 0);
    }
    for (let i: usize = 0; i < M; i += 4) {
      const from = done * aStep + i * CELL;
      pack<S>(a + from, aStep, M - i, taken, rowPanel, 0);
      if (a2) pack<S>(a2 + from, aStep, M - i, taken, rowPanel + product, 0);
      const rows = min<usize>(4, M - i);
      let columnPanel = columnPanels;
      for (let j: usize = 0; j < N; j += 4, columnPanel += panel) {
        const columns = min<usize>(4, N - j);
        // The narrower of the two panels gives the pairs, so that the least is spent on zeros.
        const wide = columns >= rows;
        const pairs = wide ? rowPanel : columnPanel;
        const fours = wide ? columnPanel : rowPanel;
        const most = wide ? rows : columns;
        const four = wide ? columns : rows;
        const down = wide ? gRow : size;
        const across = wide ? size : gRow;
        const at = g + i * gRow + j * size;
        for (let k: usize = 0; k < most; k += 2) {
          tile<S>(pairs + k * HALF, fours, steps, min<usize>(2, most - k), four, at + k * down, down, across);
        }
      }
    }
  }
}
