/** Mini-batches: the chosen examples are copied into cells of their own, and the passes run on those. */
import { CELL } from './lanes';
import { Problem, layerAt } from './records';

/**
 * target [blocks][width cells] ← the rows of source listed at `indices`; the padding of the last block repeats the first of
 * them, or is 0 where `pad` is false.
 */
function gatherCells<S>(source: usize, width: usize, indices: usize, size: usize, pad: bool, target: usize): void {
  const lanes = CELL / sizeof<S>();
  const blockBytes = width * CELL;
  for (let first: usize = 0; first < size; first += lanes, target += blockBytes) {
    for (let lane: usize = 0; lane < lanes; lane++) {
      const row = first + lane;
      let to = target + lane * sizeof<S>();
      const end = to + blockBytes;
      if (row < size || pad) {
        const index = <usize>load<u32>(indices + (row < size ? row * 4 : 0));
        let from = source + (index / lanes) * blockBytes + (index % lanes) * sizeof<S>();
        for (; to < end; to += CELL, from += CELL) store<S>(to, load<S>(from));
      } else {
        for (; to < end; to += CELL) store<S>(to, 0);
      }
    }
  }
}

/** Makes `part` the problem of the `size` examples listed at `indices`; its cells must have room for them. */
export function gather<S>(full: Problem, state: usize, part: Problem, indices: usize, size: u32): void {
  part.inverse = 1.0 / <f64>size;
  part.blocks = (size * sizeof<S>() + CELL - 1) / CELL;
  gatherCells<S>(full.inputs, layerAt(state, 0).fanIn, indices, size, true, part.inputs);
  gatherCells<S>(full.targets, layerAt(state, full.depth - 1).fanOut, indices, size, false, part.targets);
  gatherCells<S>(full.weights, 1, indices, size, false, part.weights);
}
