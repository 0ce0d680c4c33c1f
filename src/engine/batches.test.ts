/** Mini-batches: frozen draws, the definition written once more, the laws of both samplings, and the way to the device. */
import { describe, expect, it } from 'vitest';
import type { SamplingId } from '../experiment/experiment';
import { BatchDraws, MiniBatches, type BatchPlan } from './batches';
import { deterministicMath } from './deterministic';
import type { Batch, Landscape } from './landscape/landscape';
import { readKernels } from './landscape/wasm/node';
import { randomStream } from './random';

const math = deterministicMath(await readKernels());
const SAMPLINGS: readonly SamplingId[] = ['epochs', 'replacement'];

const planned = (patch: Partial<BatchPlan> = {}): BatchPlan => {
  return { seed: 1, examples: 200, size: 32, sampling: 'epochs', ...patch };
};

function batch(plan: BatchPlan, step: number): number[] {
  const examples = new Uint32Array(plan.size);
  new BatchDraws(math, plan).fill(step, examples);
  return [...examples];
}

/** The batches of `steps` steps from the first on, end to end. */
function stretch(plan: BatchPlan, steps: number): number[] {
  const draws = new BatchDraws(math, plan);
  const examples = new Uint32Array(steps * plan.size);
  for (let step = 0; step < steps; step++) draws.fill(step, examples, step * plan.size);
  return [...examples];
}

/** How often each of n examples occurs. */
function counts(examples: readonly number[], n: number): number[] {
  const result = new Array<number>(n).fill(0);
  for (const example of examples) result[example]++;
  return result;
}

/** Pearson's χ² against equal frequencies. */
function chiSquare(observed: readonly number[], total: number): number {
  const expected = total / observed.length;
  return observed.reduce((sum, x) => sum + (x - expected) ** 2 / expected, 0);
}

/** First examples of a batch. Part of every link: never to change. */
const FROZEN: readonly (readonly [BatchPlan, number, readonly number[]])[] = [
  [{ seed: 1, examples: 200, size: 32, sampling: 'epochs' }, 0, [115, 185, 172, 38, 87, 41, 183, 11, 25, 63, 65, 137]],
  [{ seed: 1, examples: 200, size: 32, sampling: 'epochs' }, 6, [34, 163, 162, 186, 108, 143, 182, 50, 19, 193, 170, 126]],
  [{ seed: 1, examples: 200, size: 32, sampling: 'epochs' }, 5000, [167, 69, 163, 6, 184, 169, 47, 54, 194, 190, 14, 152]],
  [{ seed: 2, examples: 200, size: 8, sampling: 'epochs' }, 3, [24, 191, 180, 146, 171, 94, 169, 95]],
  [{ seed: 1, examples: 20000, size: 20, sampling: 'epochs' }, 999999, [4602, 12410, 11629, 17449, 1416, 3376, 4109, 11864]],
  [{ seed: 4294967295, examples: 7, size: 7, sampling: 'epochs' }, 1, [6, 4, 5, 1, 3, 0, 2]],
  [{ seed: 1, examples: 200, size: 32, sampling: 'replacement' }, 0, [50, 183, 144, 109, 189, 166, 168, 36, 131, 156, 197, 23]],
  [{ seed: 1, examples: 200, size: 32, sampling: 'replacement' }, 1, [8, 109, 145, 48, 123, 48, 89, 54, 197, 112, 31, 90]],
  [{ seed: 2, examples: 200, size: 8, sampling: 'replacement' }, 5000, [160, 65, 89, 178, 189, 135, 30, 172]],
  [{ seed: 0, examples: 20000, size: 20, sampling: 'replacement' }, 999999, [4434, 8092, 92, 15646, 15706, 19690, 14541, 11056]],
]; // prettier-ignore

describe('the batch of a step', () => {
  it.each(FROZEN)('is for ever what it was (%j, step %i)', (plan, step, first) => {
    expect(batch(plan, step).slice(0, first.length)).toEqual(first);
  });

  it('of shuffled epochs is cut from Fisher–Yates permutations laid end to end', () => {
    const plan = planned({ seed: 9, examples: 23, size: 7 });
    const epochs = Array.from({ length: 10 }, (_, epoch) => {
      const stream = randomStream(math, 9, 'batches', epoch);
      const order = Array.from({ length: 23 }, (_, i) => i);
      for (let i = 22; i >= 1; i--) {
        const j = Math.floor(stream.uniform() * (i + 1));
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    }).flat();
    expect(stretch(plan, 32)).toEqual(epochs.slice(0, 32 * 7));
  });

  it('with replacement is one uniform an example from the stream of its step', () => {
    const stream = randomStream(math, 9, 'batches', 41);
    const expected = Array.from({ length: 7 }, () => Math.floor(23 * stream.uniform()));
    expect(batch(planned({ seed: 9, examples: 23, size: 7, sampling: 'replacement' }), 41)).toEqual(expected);
  });

  it.each(SAMPLINGS)('does not depend on what was asked for before (%s)', (sampling) => {
    const plan = planned({ examples: 50, size: 12, sampling });
    const draws = new BatchDraws(math, plan);
    const examples = new Uint32Array(12);
    for (const step of [7, 8, 3, 900_000, 8, 0, 4, 4]) {
      draws.fill(step, examples);
      expect([...examples]).toEqual(batch(plan, step));
    }
  });

  it.each(SAMPLINGS)('is written where it is to be, and nowhere else (%s)', (sampling) => {
    const plan = planned({ size: 5, sampling });
    const examples = new Uint32Array(9).fill(777);
    new BatchDraws(math, plan).fill(3, examples, 2);
    expect([...examples]).toEqual([777, 777, ...batch(plan, 3), 777, 777]);
  });

  it.each(SAMPLINGS)('is of examples that there are, up to the last step of the longest run (%s)', (sampling) => {
    for (const [examples, size] of [[1, 1], [2, 1], [20_000, 20_000], [19_997, 20], [200, 199]] as const) {
      for (const step of [0, 1, 999_999]) {
        const chosen = batch(planned({ examples, size, sampling }), step);
        expect(chosen.every((i) => Number.isInteger(i) && i >= 0 && i < examples)).toBe(true);
      }
    }
  }); // prettier-ignore

  it.each(SAMPLINGS)('is another one for another seed, and for another step (%s)', (sampling) => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      for (let step = 0; step < 40; step++) seen.add(batch(planned({ seed, size: 20, sampling }), step).join());
    }
    expect(seen.size).toBe(40 * 40);
    expect(batch(planned({ seed: 4294967295, sampling }), 0)).not.toEqual(batch(planned({ seed: 0, sampling }), 0));
  });
});

describe('shuffled epochs', () => {
  it.each([
    [200, 32],
    [200, 200],
    [201, 50],
    [7, 3],
    [13, 1],
  ])('of %i examples in batches of %i hold every example exactly once an epoch', (examples, size) => {
    const epochs = 40;
    const all = stretch(planned({ examples, size, seed: 5 }), Math.ceil((epochs * examples) / size));
    for (let epoch = 0; epoch < epochs; epoch++) {
      const slice = all.slice(epoch * examples, (epoch + 1) * examples);
      expect(counts(slice, examples)).toEqual(new Array<number>(examples).fill(1));
    }
  });

  it('put every example in every place equally often', () => {
    const [examples, epochs] = [12, 6000];
    const all = stretch(planned({ examples, size: examples, seed: 3 }), epochs);
    const table = new Array<number>(examples * examples).fill(0);
    all.forEach((example, at) => table[(at % examples) * examples + example]++);
    // χ² with (12 − 1)² = 121 degrees of freedom: above 173 once in a thousand.
    expect(chiSquare(table, all.length)).toBeLessThan(173);
  });

  it('make all permutations of four equally often', () => {
    const epochs = 12_000;
    const all = stretch(planned({ examples: 4, size: 4, seed: 8 }), epochs);
    const seen = new Map<string, number>();
    for (let e = 0; e < epochs; e++) {
      const order = all.slice(4 * e, 4 * e + 4).join();
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    // χ² with 23 degrees of freedom: above 49.7 once in a thousand.
    expect(chiSquare([...seen.values()], epochs)).toBeLessThan(49.7);
  });
});

describe('sampling with replacement', () => {
  it('draws every example equally often', () => {
    const all = stretch(planned({ sampling: 'replacement', seed: 2 }), 4000);
    // χ² with 199 degrees of freedom: above 267 once in a thousand.
    expect(chiSquare(counts(all, 200), all.length)).toBeLessThan(267);
  });

  it('draws each independently of the one before, in a batch and from step to step', () => {
    const examples = 10;
    for (const size of [1, 40]) {
      const all = stretch(planned({ sampling: 'replacement', examples, size, seed: 6 }), 40_000 / size);
      const pairs = new Array<number>(examples * examples).fill(0);
      for (let i = 1; i < all.length; i++) pairs[all[i - 1] * examples + all[i]]++;
      // χ² with 99 degrees of freedom: above 149 once in a thousand.
      expect(chiSquare(pairs, all.length - 1)).toBeLessThan(149);
    }
  });
});

describe('batches on the device', () => {
  /** What a landscape is told: which slots are filled, and with what. */
  function listening(): {
    landscape: Landscape;
    slots: Batch[];
    told: { slots: readonly Batch[]; examples: number[] }[];
  } {
    const slots: Batch[] = [];
    const told: { slots: readonly Batch[]; examples: number[] }[] = [];
    const landscape = {
      batches(count: number, size: number, lanes: number): readonly Batch[] {
        for (let i = 0; i < count; i++) slots.push({ lanes, size });
        return slots;
      },
      choose: (chosen: readonly Batch[], examples: Uint32Array) =>
        told.push({ slots: chosen, examples: [...examples] }),
    } as unknown as Landscape;
    return { landscape, slots, told };
  }

  it('are chosen in one piece for a stretch of steps, [steps, lanes, size]', () => {
    const { landscape, slots, told } = listening();
    const plans = [planned({ size: 3 }), planned({ size: 3, seed: 2, sampling: 'replacement' })];
    const draws = plans.map((plan) => new BatchDraws(math, plan));
    const batches = new MiniBatches(landscape, draws, 4);
    expect(slots.map(({ lanes, size }) => [lanes, size])).toEqual(new Array(4).fill([2, 3]));
    batches.load(70, 2);
    expect(told).toHaveLength(1);
    expect(told[0].slots).toEqual(slots.slice(0, 2));
    expect(told[0].examples).toEqual([70, 71].flatMap((step) => plans.flatMap((plan) => batch(plan, step))));
    expect([batches.at(70), batches.at(71)]).toEqual([slots[0], slots[1]]);
    expect(batches.at(71)).toBe(slots[1]);
    expect(told).toHaveLength(1);
  });

  it('of a step that is not at hand are chosen when it is asked for', () => {
    const { landscape, slots, told } = listening();
    const plan = planned({ size: 4 });
    const batches = new MiniBatches(landscape, [new BatchDraws(math, plan)], 8);
    expect(batches.at(0)).toBe(slots[0]);
    for (const step of [5, 4, 900]) {
      expect(batches.at(step)).toBe(slots[0]);
      expect(told.at(-1)).toEqual({ slots: [slots[0]], examples: batch(plan, step) });
    }
  });
});
