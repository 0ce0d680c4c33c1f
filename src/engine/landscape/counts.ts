/** What every engine demands of lanes and mini-batches, before it makes room for anything or computes. */

interface Laned {
  readonly lanes: number;
}

/**
 * The lane count of an output, into which every input must go: it has as many lanes, or one that meets all. Three
 * parameters and no list, for this is asked before every operation.
 */
export function checkLanes(output: Laned, first: Laned, second = first, third = first): number {
  const { lanes } = output;
  const fits =
    (first.lanes === 1 || first.lanes === lanes) &&
    (second.lanes === 1 || second.lanes === lanes) &&
    (third.lanes === 1 || third.lanes === lanes);
  if (!fits) throw new Error(`${first.lanes}, ${second.lanes}, ${third.lanes} lanes do not go into ${lanes}`);
  return lanes;
}

/**
 * Throws unless there are `count` ≥ 1 batches of 1 to `examples` examples on `lanes` ≥ 1 lanes, all whole numbers: a
 * fraction would make room that overlaps or ends early.
 */
export function checkBatchCounts(count: number, size: number, lanes: number, examples: number): void {
  const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 1;
  if (!isCount(size) || size > examples) throw new Error(`batches of ${size} from ${examples} examples`);
  if (!isCount(count) || !isCount(lanes)) throw new Error(`${count} batches on ${lanes} lanes`);
}
