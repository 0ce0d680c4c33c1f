/**
 * Test support: how far one engine is from another on the cases of sweep-cases.testing.ts. It runs in Node and, called by
 * the browser tests, on a page.
 *
 * Errors are norm-wise: ‖x − x_ref‖₂ / ‖x_ref‖₂, each lane by itself, over the whole gradient or product. Two kinds of
 * case, where 32 bits may rightly disagree with 64, are drawn again: ReLU and ELU have kinks, and a rounding decides which
 * side a unit very close to one is on; and a loss close to 0 is the small difference of large numbers.
 */
import { layers } from '../network/layout';
import { draw, subset } from './cases.testing';
import type { Engine, Landscape, Problem } from './landscape';
import { activationAt, reference } from './reference.testing';
import type { SweepCase } from './sweep-cases.testing';

/** How close a unit may come to its kink: beyond what 32 bits round a sum of 257 products by, here. */
const CLEARANCE = 5e-6;

/** Whether every unit of the network is clear of its kink on every example. */
function isClear({ network, inputs, examples }: Problem, theta: Float64Array): boolean {
  const { activation } = network;
  if (activation !== 'relu' && activation !== 'elu') return true;
  const stack = layers(network);
  for (let n = 0; n < examples; n++) {
    let a = inputs.subarray(n * network.sizes[0], (n + 1) * network.sizes[0]);
    for (const { fanIn, fanOut, weights, bias } of stack.slice(0, -1)) {
      const z = new Float64Array(fanOut);
      if (bias >= 0) z.set(theta.subarray(bias, bias + fanOut));
      for (let i = 0; i < fanIn; i++) {
        for (let j = 0; j < fanOut; j++) z[j] += a[i] * theta[weights + i * fanOut + j];
      }
      // Units without a live input and without bias rest at exactly 0 on every engine.
      if (z.some((x) => x !== 0 && Math.abs(x) < CLEARANCE)) return false;
      a = z.map((x) => activationAt(activation, x, Math)[0]);
    }
  }
  return true;
}

/** A case with its numbers. */
interface Drawn {
  readonly given: SweepCase;
  readonly problem: Problem;
  /** P */
  readonly size: number;
  /** θ [P], direction [P] and the examples of the mini-batch, lane by lane. */
  readonly lanes: readonly {
    readonly theta: Float64Array;
    readonly direction: Float64Array;
    readonly batch: Uint32Array;
  }[];
}

/** Null where a unit is too close to its kink. */
function drawn(given: SweepCase): Drawn | null {
  const { problem, size, thetas, directions, indices } = draw(given);
  const part = (values: Float64Array, lane: number) => values.subarray(lane * size, (lane + 1) * size);
  const lanes = Array.from({ length: given.lanes }, (_, lane) => ({
    theta: part(thetas, lane),
    direction: part(directions, lane),
    batch: indices.subarray(lane * given.batch, (lane + 1) * given.batch),
  }));
  return lanes.every(({ theta }) => isClear(problem, theta)) ? { given, problem, size, lanes } : null;
}

/** Loss, gradient and product of every lane. */
export interface Computed {
  readonly loss: Float64Array;
  readonly gradient: Float64Array;
  readonly product: Float64Array;
}

export type Method = (numbers: Drawn) => Promise<readonly Computed[]>;

/** By an engine, through the contract: one pass for all lanes. */
export function byEngine(engine: Engine): Method {
  return async (numbers) => {
    const landscape = await engine.landscape(numbers.problem);
    try {
      return await computeOn(landscape, numbers);
    } finally {
      landscape.dispose();
    }
  };
}

async function computeOn(landscape: Landscape, { given, size, lanes }: Drawn): Promise<Computed[]> {
  const count = lanes.length;
  const [theta, direction, gradient, product] = Array.from({ length: 4 }, () => landscape.vector(count));
  const [loss] = landscape.scalars(1, count);
  const [batch] = given.batched ? landscape.batches(1, given.batch, count) : [undefined];
  if (batch) landscape.choose([batch], Uint32Array.from(lanes.flatMap((lane) => [...lane.batch])));
  const flat = (key: 'theta' | 'direction'): Float64Array => {
    const values = new Float64Array(count * size);
    lanes.forEach((lane, l) => values.set(lane[key], l * size));
    return values;
  };
  landscape.write(theta, flat('theta'));
  landscape.write(direction, flat('direction'));
  landscape.gradient(theta, gradient, loss, batch);
  landscape.linearise(theta, batch);
  landscape.hessianProduct(direction, product);
  const [losses, gradients, products] = await landscape.read([loss], gradient, product);
  return lanes.map((_, l) => ({
    loss: losses.subarray(l, l + 1),
    gradient: gradients.subarray(l * size, (l + 1) * size),
    product: products.subarray(l * size, (l + 1) * size),
  }));
}

/** By plain loops over dual numbers in f64, lane by lane. */
export const byLoops: Method = async ({ given, problem, lanes }) =>
  lanes.map(({ theta, direction, batch }) => {
    const { loss, ...rest } = reference(given.batched ? subset(problem, batch) : problem, theta, direction, Math);
    return { loss: Float64Array.of(loss), ...rest };
  });

/** Where all is 0, as before a last layer without bias whose units are all dead, errors are absolute. */
function relativeError(actual: Float64Array, expected: Float64Array): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
    norm += expected[i] * expected[i];
  }
  return Math.sqrt(difference) / (norm === 0 ? 1 : Math.sqrt(norm));
}

export type Errors = Record<keyof Computed, number>;

/** A loss below this share of what outputs of 0 have on average is too close to 0. */
const LEAST_LOSS = 0.1;

/** Whether no lane's loss is too close to 0. */
function isConditioned({ problem: { network, loss } }: Drawn, truth: readonly Computed[]): boolean {
  const outputs = network.sizes[network.sizes.length - 1];
  // Half-MSE: the targets are uniform on (−1, 1), with mean square 1/3.
  const usual = loss === 'ce' ? Math.log(outputs) : outputs / 6;
  return truth.every((lane) => lane.loss[0] >= LEAST_LOSS * usual);
}

const MOST_DRAWS = 100;

/** The worst lane's relative errors of `method` against `truth`. */
export async function errorsOf(method: Method, truth: Method, given: SweepCase): Promise<Errors> {
  for (let { seed } = given; seed < given.seed + MOST_DRAWS; seed++) {
    const numbers = drawn({ ...given, seed });
    const expected = numbers && (await truth(numbers));
    if (!expected || !isConditioned(numbers, expected)) continue;
    const actual = await method(numbers);
    // NaN is the worst of all, and Math.max hands it on.
    const worst = (key: keyof Computed): number =>
      Math.max(...expected.map((lane, l) => relativeError(actual[l][key], lane[key])));
    return { loss: worst('loss'), gradient: worst('gradient'), product: worst('product') };
  }
  throw new Error(`None of ${MOST_DRAWS} draws of this case is fit to be compared in 32 bits.`);
}

/** The bars in 32 bits. */
const BARS: Errors = { loss: 1e-5, gradient: 1e-4, product: 1e-4 };
const QUANTITIES = ['loss', 'gradient', 'product'] as const;

/** A case and which of its quantities are beyond their bars, in words. */
export interface Failure {
  readonly faults: readonly string[];
  readonly given: SweepCase;
}

/** Measures every case by `errorsAt`; prints the worst errors under the name `what`, and returns the failures. */
export async function sweep(
  what: string,
  cases: readonly SweepCase[],
  errorsAt: (given: SweepCase) => Promise<Errors>,
  bars: Errors = BARS,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const worst: Errors = { loss: 0, gradient: 0, product: 0 };
  for (const given of cases) {
    const errors = await errorsAt(given);
    const faults = QUANTITIES.filter((key) => !(errors[key] <= bars[key])).map(
      (key) => `${key} off by ${errors[key].toExponential(2)}, where ${bars[key].toExponential(0)} is allowed`,
    );
    if (faults.length > 0) failures.push({ faults, given });
    for (const key of QUANTITIES) worst[key] = Math.max(worst[key], errors[key]);
  }
  const figures = QUANTITIES.map((key) => `${key} ${worst[key].toExponential(1)}`);
  process.stdout.write(`${what}: ${cases.length} cases, worst ${figures.join(', ')}\n`);
  return failures;
}
