/**
 * How a problem lies in GPU memory, and how its work is cut into threads. Arrays of activations are feature-major:
 * row f holds feature f of all examples as vec4f, padded to whole tiles with copies of example 0, which cannot make
 * numbers that no real example makes and which the loss leaves out. Hidden and output layers lie one after another.
 */
import { layers, parameterCount, type Layer } from '../../network/layout';
import type { Network } from '../landscape';

export interface Shape {
  readonly network: Network;
  readonly tuning: Tuning;
  readonly layers: readonly Layer[];
  /** Examples, not counting padding. */
  readonly examples: number;
  /** vec4f columns in a row of activations. */
  readonly columns: number;
  /** First vec4f of each layer's rows within a lane; index 0 is the inputs, which have an array of their own. */
  readonly rowStarts: readonly number[];
  /** vec4f in one lane of an activation array. */
  readonly laneSize: number;
  readonly inputs: number;
  readonly outputs: number;
  /** P. */
  readonly parameters: number;
  /** Floats from one lane of a vector to the next: P rounded up so that each starts at a bindable offset. */
  readonly stride: number;
  /** vec4f columns that one thread of a dense layer handles. */
  readonly columnTile: 1 | 2;
  /** Most rows (features) that one thread of a dense layer handles. */
  readonly rowTile: number;
  /** Workgroup: columns × rows; that of a dense layer has more columns where there are more groups than wanted. */
  readonly group: readonly [number, number];
  /** Workgroups that a dense layer should have at least, all lanes together: each took the software adapter about 0.3 µs. */
  readonly groupsWanted: number;
  /** Threads a weight-gradient dispatch should have at least. */
  readonly threadsWanted: number;
}

/** Bindings start at multiples of 256 bytes. */
const ALIGNMENT_FLOATS = 64;

export function strideOf(parameters: number): number {
  return Math.ceil(parameters / ALIGNMENT_FLOATS) * ALIGNMENT_FLOATS;
}

/** Rows a thread takes of `rows`: the tile up to `most` that wastes the fewest rows, the larger of equals. */
export function rowsPerThread(rows: number, most: number): number {
  if (rows <= most) return rows;
  let best = most;
  for (let tile = most; tile > most / 2; tile--) {
    if (Math.ceil(rows / tile) * tile < Math.ceil(rows / best) * best) best = tile;
  }
  return best;
}

/** What the kernels are cut for: the many small threads of a GPU, or the few cores of a CPU that poses as one. */
export type Tuning = 'hardware' | 'software';

export function shapeOf(network: Network, examples: number, tuning: Tuning): Shape {
  const hardware = tuning === 'hardware';
  const { sizes } = network;
  const vectors = Math.ceil(examples / 4);
  // Tiles grow once there are threads enough. On software, two columns are a fifth faster and compile half as long again.
  const columnTile = vectors >= (hardware ? 2048 : 128) ? 2 : 1;
  const columns = Math.ceil(vectors / columnTile) * columnTile;
  const rowStarts = [0];
  let rows = 0;
  for (let l = 1; l < sizes.length; l++) {
    rowStarts.push(rows * columns);
    rows += sizes[l];
  }
  const parameters = parameterCount(network);
  return {
    network,
    tuning,
    layers: layers(network),
    examples,
    columns,
    rowStarts,
    laneSize: rows * columns,
    inputs: sizes[0],
    outputs: sizes[sizes.length - 1],
    parameters,
    stride: strideOf(parameters),
    columnTile,
    rowTile: hardware ? 4 : 8,
    group: hardware ? [16, 4] : [4, 1],
    groupsWanted: hardware ? Infinity : 64,
    threadsWanted: hardware ? 16384 : 16,
  };
}

/** Rows [examples, width] of the host as feature-major vec4f columns, padded with example 0. */
export function featureMajor(shape: Shape, width: number, rows: Float64Array): Float32Array<ArrayBuffer> {
  const { columns, examples } = shape;
  const result = new Float32Array(width * columns * 4);
  for (let f = 0; f < width; f++) {
    for (let e = 0; e < columns * 4; e++) result[f * columns * 4 + e] = rows[(e < examples ? e : 0) * width + f];
  }
  return result;
}
