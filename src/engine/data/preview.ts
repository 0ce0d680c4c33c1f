/**
 * What the page needs to draw the data beneath the network's outputs: a plane of points for two inputs, a line for one.
 */
import type { DataPreview } from '../../experiment/preview';
import type { Dataset } from './dataset';

/** The picture of the data, and the points at which the network's outputs are evaluated to be drawn beneath it. */
export interface Preview extends DataPreview {
  /** [resolution², 2], x fastest, or [resolution]. */
  readonly grid: Float64Array;
}

const MOST_POINTS = 2000;
const PLANE_RESOLUTION = 64;
const LINE_RESOLUTION = 201;
/** Room around the data, as a fraction of its extent. */
const MARGIN = 0.08;

/** Null where the data have no picture: more than two inputs, or values over a plane. */
export function previewOf(dataset: Dataset): Preview | null {
  const { inputWidth, outputWidth, classes, labels } = dataset;
  const points = Math.min(dataset.examples, MOST_POINTS);
  if (inputWidth === 2 && labels) {
    const [x0, x1] = extent(dataset, 0);
    const [y0, y1] = extent(dataset, 1);
    const side = PLANE_RESOLUTION;
    const grid = new Float64Array(2 * side * side);
    for (let i = 0; i < side; i++) {
      for (let j = 0; j < side; j++) {
        grid[2 * (i * side + j)] = x0 + ((x1 - x0) * j) / (side - 1);
        grid[2 * (i * side + j) + 1] = y0 + ((y1 - y0) * i) / (side - 1);
      }
    }
    return {
      kind: 'plane',
      inputs: Float32Array.from(dataset.inputs.subarray(0, 2 * points)),
      targets: Float32Array.from(labels.subarray(0, points)),
      classes,
      box: [x0, x1, y0, y1],
      resolution: side,
      grid,
    };
  }
  if (inputWidth === 1 && outputWidth === 1) {
    const [x0, x1] = extent(dataset, 0);
    return {
      kind: 'line',
      inputs: Float32Array.from(dataset.inputs.subarray(0, points)),
      targets: Float32Array.from(dataset.targets.subarray(0, points)),
      classes: 0,
      box: [x0, x1],
      resolution: LINE_RESOLUTION,
      grid: Float64Array.from({ length: LINE_RESOLUTION }, (_, i) => x0 + ((x1 - x0) * i) / (LINE_RESOLUTION - 1)),
    };
  }
  return null;
}

/** The range of one input, widened by the margin; never empty. */
function extent({ inputs, inputWidth, examples }: Dataset, column: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < examples; i++) {
    low = Math.min(low, inputs[i * inputWidth + column]);
    high = Math.max(high, inputs[i * inputWidth + column]);
  }
  const room = MARGIN * (high - low || 1);
  return [low - room, high + room];
}
