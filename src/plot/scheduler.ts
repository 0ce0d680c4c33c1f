/**
 * One animation frame for all charts. A chart asks to be drawn when something changed; asking twice before the frame
 * costs nothing, and a chart that is asked for while the frame is being drawn waits for the next one.
 */

type Draw = () => void;

let waiting = new Set<Draw>();
let drawing = new Set<Draw>();
let frame = 0;

function flush(): void {
  frame = 0;
  [waiting, drawing] = [drawing, waiting];
  for (const draw of drawing) draw();
  drawing.clear();
}

/** Has `draw` called once in the coming animation frame. */
export function schedule(draw: Draw): void {
  waiting.add(draw);
  if (frame === 0) frame = requestAnimationFrame(flush);
}

/** Forgets `draw` if it was waiting. */
export function unschedule(draw: Draw): void {
  waiting.delete(draw);
  drawing.delete(draw);
}
