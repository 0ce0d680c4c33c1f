/**
 * Where labels go when they want the same place. Direct labels beside the ends of lines are nudged apart along one
 * axis, as little as possible (isotonic regression by pooling adjacent violators; Barlow et al. 1972). Marker labels
 * try a few places around their point and stay away where none is free: a missing label is better than an unreadable
 * one, and the crosshair still tells.
 */

export interface Nudged {
  /** Wanted centre; replaced by the centre given. */
  at: number;
  readonly size: number;
  /** How strongly it keeps its place; 1 is usual. */
  readonly weight: number;
}

/**
 * Moves the centres of `items`, which stand in the order they are to keep, so that none overlap, by the least weighted
 * sum of squares; then into [lo, hi] as far as they fit.
 */
export function nudge(items: readonly Nudged[], lo: number, hi: number): void {
  interface Block {
    from: number;
    to: number;
    weight: number;
    /** Weighted mean of wanted centre minus offset in the block. */
    at: number;
  }
  const offsets: number[] = [];
  items.forEach((item, i) => {
    offsets.push(i === 0 ? 0 : offsets[i - 1] + (items[i - 1].size + item.size) / 2);
  });
  const blocks: Block[] = [];
  items.forEach((item, i) => {
    let block: Block = { from: i, to: i + 1, weight: item.weight, at: item.at - offsets[i] };
    let before = blocks.at(-1);
    while (before && before.at > block.at) {
      const weight = before.weight + block.weight;
      const at = (before.at * before.weight + block.at * block.weight) / weight;
      block = { from: before.from, to: block.to, weight, at };
      blocks.pop();
      before = blocks.at(-1);
    }
    blocks.push(block);
  });
  for (const { from, to, at } of blocks) for (let i = from; i < to; i++) items[i].at = at + offsets[i];

  let ceiling = hi;
  for (let i = items.length - 1; i >= 0; i--) {
    items[i].at = Math.min(items[i].at, ceiling - items[i].size / 2);
    ceiling = items[i].at - items[i].size / 2;
  }
  let floor = lo;
  for (const item of items) {
    item.at = Math.max(item.at, floor + item.size / 2);
    floor = item.at + item.size / 2;
  }
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function holds(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/**
 * The first of `candidates` inside `bounds` that touches nothing in `taken`, added to it; null where all collide.
 *
 * @param disliked places that are taken only when there is no other
 */
export function placeLabel(
  candidates: readonly Box[],
  bounds: Box,
  taken: Box[],
  disliked: (box: Box) => boolean = () => false,
): Box | null {
  const allowed = candidates.filter((box) => holds(bounds, box) && !taken.some((other) => overlaps(other, box)));
  const free = allowed.find((box) => !disliked(box)) ?? allowed.at(0);
  if (!free) return null;
  taken.push(free);
  return free;
}
