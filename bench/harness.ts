/**
 * Timing: each peer does the same work in batches long enough for a coarse clock, and the peers take turns batch by
 * batch, so that whatever else the machine does meanwhile falls on all of them and ratios come from one run.
 */
import type { Work } from './problems';

export interface Peer {
  readonly name: string;
  readonly works: readonly Work[];
  /** Does the work `count` times; resolves with the milliseconds it took. */
  batch(work: Work, count: number): Promise<number>;
}

const BATCH_MS = 200;
const ROUNDS = 9;
const FEWEST_ROUNDS = 3;
/** No more rounds once a comparison has taken this long. */
const PATIENCE_MS = 30_000;
const WARM_UPS = 2;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many repetitions make a batch of about BATCH_MS. */
async function batchSize(peer: Peer, work: Work): Promise<number> {
  for (let i = 0; i < WARM_UPS; i++) await peer.batch(work, 1);
  let count = 1;
  for (;;) {
    const ms = await peer.batch(work, count);
    if (ms >= BATCH_MS / 2) return count;
    count = Math.ceil(count * Math.min(10, BATCH_MS / Math.max(ms, 0.1)));
  }
}

/** Median milliseconds of one repetition, by peer. */
export async function compare(peers: readonly Peer[], work: Work): Promise<Record<string, number>> {
  const entrants: { peer: Peer; count: number; times: number[] }[] = [];
  for (const peer of peers.filter(({ works }) => works.includes(work))) {
    entrants.push({ peer, count: await batchSize(peer, work), times: [] });
  }
  const end = performance.now() + PATIENCE_MS;
  for (let round = 0; round < ROUNDS && (round < FEWEST_ROUNDS || performance.now() < end); round++) {
    for (const { peer, count, times } of entrants) times.push((await peer.batch(work, count)) / count);
  }
  return Object.fromEntries(entrants.map(({ peer, times }) => [peer.name, median(times)]));
}
