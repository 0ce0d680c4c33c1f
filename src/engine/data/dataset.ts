/**
 * A data set as the network sees it: flat row-major inputs and targets, and what the targets mean. Everything is drawn
 * in 64-bit arithmetic by deterministic functions; an engine rounds it to its own precision.
 */
export interface Dataset {
  readonly examples: number;
  readonly inputWidth: number;
  readonly outputWidth: number;
  /** [examples, inputWidth] */
  readonly inputs: Float64Array;
  /** [examples, outputWidth]: values, ±1 for two classes on one output, or one-hot. */
  readonly targets: Float64Array;
  /** Class of each example; null for regression. */
  readonly labels: Int32Array | null;
  /** Number of classes; 0 for regression. */
  readonly classes: number;
}

/** One-hot rows [examples, classes]. */
export function oneHot(labels: Int32Array, classes: number): Float64Array {
  const targets = new Float64Array(labels.length * classes);
  labels.forEach((label, i) => (targets[i * classes + label] = 1));
  return targets;
}

/** Columns to mean 0 and population variance 1, in place; a constant column becomes 0. `inputs`: [rows, width]. */
export function standardise(inputs: Float64Array, rows: number, width: number): void {
  for (let j = 0; j < width; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += inputs[i * width + j];
    const mean = sum / rows;
    let squares = 0;
    for (let i = 0; i < rows; i++) squares += (inputs[i * width + j] - mean) * (inputs[i * width + j] - mean);
    const deviation = Math.sqrt(squares / rows);
    // Rounding of a constant column leaves a deviation of a few units in the last place, not a spread.
    const constant = deviation <= 1e-12 * Math.max(1, Math.abs(mean));
    for (let i = 0; i < rows; i++) {
      const at = i * width + j;
      inputs[at] = constant ? 0 : (inputs[at] - mean) / deviation;
    }
  }
}
