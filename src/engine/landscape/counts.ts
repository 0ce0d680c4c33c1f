/** What every engine demands of the mini-batches that are asked for: a fraction would make room that overlaps or ends early. */

/** Throws unless there are `count` ≥ 1 batches of 1 to `examples` examples on `lanes` ≥ 1 lanes, all whole numbers. */
export function checkBatchCounts(count: number, size: number, lanes: number, examples: number): void {
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;
  if (!isCount(size) || size > examples) throw new Error(`batches of ${size} from ${examples} examples`);
  if (!isCount(count) || !isCount(lanes)) throw new Error(`${count} batches on ${lanes} lanes`);
}
