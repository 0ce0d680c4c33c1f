/**
 * Test support: which networks, batches and lanes the sweep over the engines' agreement visits.
 *
 * What must all occur is dealt out in turn rather than drawn, by periods without a common divisor, so that even a dozen
 * cases show every activation, loss and depth, and a longer sweep crosses everything with everything. The rest is drawn:
 * the examples first, then widths as large as the budget leaves, for a budget met at the examples' expense would leave
 * wide networks a single example and no mini-batch.
 */
import type { ActivationId, LossId } from '../../experiment/experiment';
import { parameterCount } from '../network/layout';
import type { Case } from './cases.testing';
import { mulberry32 } from './fixtures.testing';

export interface SweepCase extends Case {
  /** Over a mini-batch of its own for each lane, or over all examples. */
  readonly batched: boolean;
  /** Lanes of θ, of the direction and of the batch. */
  readonly lanes: 1 | 3;
}

const ACTIVATIONS: readonly ActivationId[] = ['tanh', 'relu', 'gelu', 'softplus', 'sigmoid', 'elu', 'linear'];
const LOSSES: readonly LossId[] = ['mse', 'ce'];
const DEPTHS = [5, 6, 1, 2, 3, 4];
/** `some`: a mini-batch of more than one example and less than all; `ends`: of one, or as many as there are. */
const BATCHES = ['some', 'all', 'some', 'ends', 'some'] as const;
const MOST_WIDTH = 257;
const MOST_EXAMPLES = 130;
/** Where blocks, tiles and vectors begin and end. */
const EDGES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 127, 128, 129, 255, 256, 257];

/**
 * Case `index` of a sweep: 1 to 6 layers, up to 257 wide, with and without biases, on up to 130 examples, with examples ×
 * parameters × lanes within `budget`, which is at least 12 000: three examples and lanes of the thinnest network with one
 * width of 257.
 */
function sweepCase(index: number, budget: number, uniform: () => number): SweepCase {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(uniform() * from.length)];
  const between = (min: number, max: number): number => min + Math.floor(uniform() * (max - min + 1));
  /** Half of the time an edge, where the range has one. */
  const size = (min: number, max: number): number => {
    const edges = EDGES.filter((edge) => edge >= min && edge <= max);
    return edges.length > 0 && uniform() < 0.5 ? pick(edges) : between(min, max);
  };

  const activation = ACTIVATIONS[index % 7];
  const depth = DEPTHS[index % 6];
  const loss = LOSSES[Math.floor(index / 6) % 2];
  const kind = BATCHES[index % 5];
  const lanes = index % 13 < 6 ? 3 : 1;
  const biases = Array.from({ length: depth }, () => uniform() < 0.5);

  // One width is drawn freely, the others to the budget.
  const free = between(0, depth);
  // Over one class cross-entropy is 0 whatever θ.
  const least = (at: number): number => (loss === 'ce' && at === depth ? 2 : 1);
  const width = index % 11 === 0 ? MOST_WIDTH : size(least(free), MOST_WIDTH);
  const work = (others: number): number => {
    const sizes = Array.from({ length: depth + 1 }, (_, at) => (at === free ? width : others));
    return parameterCount({ sizes, biases, activation }) * lanes;
  };
  const examples = size(kind === 'some' ? 3 : 1, Math.min(MOST_EXAMPLES, Math.floor(budget / work(2))));
  let most = 2;
  while (most < MOST_WIDTH && work(most + 1) * examples <= budget) most++;
  const sizes = Array.from({ length: depth + 1 }, (_, at) => (at === free ? width : size(least(at), most)));

  const batch = { some: () => size(2, examples - 1), all: () => examples, ends: () => pick([1, examples]) }[kind]();
  const seed = between(1, 2 ** 30);
  return { sizes, biases, activation, loss, examples, batch, seed, batched: kind !== 'all', lanes };
}

/** The first `count` cases of the sweep with this seed. */
export function sweepCases(count: number, budget: number, seed: number): SweepCase[] {
  const uniform = mulberry32(seed);
  return Array.from({ length: count }, (_, index) => sweepCase(index, budget, uniform));
}

/** What a sweep must show and these cases do not, in words; empty where they show all. */
export function gaps(cases: readonly SweepCase[]): string[] {
  const parts = cases.filter(({ batched, batch, examples }) => batched && batch > 1 && batch < examples);
  const hidden = cases.filter(({ sizes }) => sizes.length > 2);
  const faults: string[] = [];
  const demand = (fulfilled: boolean, fault: string): void => void (fulfilled || faults.push(fault));
  for (const id of ACTIVATIONS)
    demand(
      hidden.some(({ activation }) => activation === id),
      `no hidden layer is ${id}`,
    );
  for (const id of LOSSES)
    demand(
      parts.some(({ loss }) => loss === id),
      `no mini-batch is over ${id}`,
    );
  for (const depth of DEPTHS)
    demand(
      cases.some(({ sizes }) => sizes.length === depth + 1),
      `no depth is ${depth}`,
    );
  for (const count of [1, 3])
    demand(
      parts.some(({ lanes }) => lanes === count),
      `no mini-batch has ${count} lanes`,
    );
  demand(
    cases.some(({ batched }) => !batched),
    'no case is over all examples',
  );
  demand(
    cases.some(({ sizes }) => sizes.includes(MOST_WIDTH)),
    `no width is ${MOST_WIDTH}`,
  );
  demand(3 * parts.length >= cases.length, `${parts.length} of ${cases.length} cases are over a part of the examples`);
  return faults;
}
