/** What a page draws of the data: made by the engine, carried by the protocol, drawn by a panel. */

/** The data as drawn beneath a decision surface (2 inputs) or a fitted curve (1 input); at most 2000 points. */
export interface DataPreview {
  readonly kind: 'plane' | 'line';
  /** Row-major [points, 2] coordinates, or [points] abscissae. */
  readonly inputs: Float32Array;
  /** plane: class index per point; line: target value per point. */
  readonly targets: Float32Array;
  readonly classes: number;
  /** Box in which outputs are evaluated: [x0, x1] or [x0, x1, y0, y1]. */
  readonly box: readonly number[];
  /** Grid points a side. */
  readonly resolution: number;
}
