/**
 * Test support: a long run as the page leads it (steps, the sharpness every ten of them, a snapshot now and then), and
 * what it holds of WebAssembly's memory. In Node, on a page and in `npm run bench:soak` alike.
 */
import type { Run } from './run';

/** Steps from one measurement, and from one snapshot, to the next. */
const EVERY = 10;
const KEEP = 500;

/** On to step `to`, a multiple of ten. */
export async function soak(run: Run, to: number): Promise<void> {
  while (run.step < to) {
    await run.advance(EVERY);
    await run.measure();
    if (run.divergedAt !== null) throw new Error(`The run diverged at step ${run.divergedAt}.`);
    if (run.step % KEEP === 0) await run.keep();
  }
}

/** Bytes of the snapshots that `soak` has kept between two steps: θ as doubles. */
export function snapshotBytes({ landscape }: Run, from: number, to: number): number {
  return (Math.floor(to / KEEP) - Math.floor(from / KEEP)) * landscape.dimension * 8;
}

/** From now on notes every WebAssembly memory that grows, as an engine's does when it is made. Returns their bytes. */
export function watchMemories(): () => number {
  const memories = new Set<WebAssembly.Memory>();
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    memories.add(this);
    return grow.call(this, pages);
  };
  return () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}
