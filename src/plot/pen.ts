/**
 * The part of a 2-D canvas context that charts draw with. The SVG export implements the same part, so that a figure is
 * drawn by one piece of code whether it is looked at or saved.
 */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'strokeStyle'
  | 'fillStyle'
  | 'lineWidth'
  | 'lineJoin'
  | 'lineCap'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'save'
  | 'restore'
  | 'translate'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'arc'
  | 'rect'
  | 'clip'
  | 'stroke'
  | 'fill'
  | 'fillText'
  | 'strokeText'
  | 'measureText'
  | 'setLineDash'
>;
