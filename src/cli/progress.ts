/** A progress bar on a terminal: one line on stderr, redrawn at most ten times a second and wiped at the end. */
import type { Progress } from '../engine/export/recorder';

const WIDTH = 24;
const REDRAW_MS = 100;

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** The bar's line, without control characters. */
export function barLine(steps: number, { step, sample }: Progress): string {
  const done = Math.round((WIDTH * step) / steps);
  const bar = '█'.repeat(done) + '░'.repeat(WIDTH - done);
  const percent = String(Math.floor((100 * step) / steps)).padStart(3);
  const sharpness = sample?.values.get('hessian.lambda1');
  const threshold = sample?.values.get('threshold');
  const measured =
    sharpness === undefined || threshold === undefined
      ? ''
      : ` · λ₁ ${sharpness.toPrecision(3)} · 2/η ${threshold.toPrecision(3)}`;
  return `${bar} ${percent} % · step ${step} of ${steps}${measured}`;
}

/** Draws progress on a terminal; does nothing on anything else. */
export function progressBar(
  terminal: Terminal,
  steps: number,
  now: () => number,
): { show(progress: Progress): void; end(): void } {
  let drawnAt = -Infinity;
  if (!terminal.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (progress) => {
      if (now() - drawnAt < REDRAW_MS) return;
      drawnAt = now();
      terminal.write(`\r\x1b[K${barLine(steps, progress).slice(0, (terminal.columns ?? 80) - 1)}`);
    },
    end: () => terminal.write('\r\x1b[K'),
  };
}
