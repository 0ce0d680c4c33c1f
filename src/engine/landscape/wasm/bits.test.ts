/**
 * The bits of the WASM engine, pinned: θ after a number of steps and a product there, on shapes that reach every kernel.
 * A hash that changes means that links made so far replay other runs: change it on purpose or not at all.
 */
import { describe, expect, it } from 'vitest';
import type { ActivationId, LossId, Precision } from '../../../experiment/experiment';
import { fingerprint } from '../../fingerprint';
import { mulberry32 } from '../fixtures.testing';
import type { Landscape, Problem } from '../landscape';
import { createWasmEngine } from './engine';
import { readKernels } from './node';

const module = await readKernels();

interface Pinned {
  readonly sizes: readonly number[];
  readonly activation: ActivationId;
  readonly loss: LossId;
  readonly examples: number;
  /** Examples in a mini-batch; null: all. */
  readonly batch: number | null;
  /** First 16 digits of the hash of θ and of the product in f32 and in f64. */
  readonly hashes: readonly [string, string];
}

/** Odd widths and example counts, one layer and many, every activation and loss, one chunk of examples and several. */
const PINNED: readonly Pinned[] = [
  {
    sizes: [2, 32, 32, 1],
    activation: 'tanh',
    loss: 'mse',
    examples: 200,
    batch: null,
    hashes: ['bd09f44e5659b1da', 'dd2b48219f7bbd6b'],
  },
  {
    sizes: [2, 32, 32, 1],
    activation: 'tanh',
    loss: 'mse',
    examples: 200,
    batch: 13,
    hashes: ['2efd79c0cc8d1bdb', '34c82a8eb748898f'],
  },
  {
    sizes: [3, 2],
    activation: 'tanh',
    loss: 'mse',
    examples: 1,
    batch: null,
    hashes: ['bb24e602913250fe', 'f7d432e9596bac3d'],
  },
  {
    sizes: [1, 1, 1],
    activation: 'linear',
    loss: 'mse',
    examples: 7,
    batch: null,
    hashes: ['deb9a4f2b8d846e1', '6fbba5d373b1a717'],
  },
  {
    sizes: [7, 31, 33, 5],
    activation: 'gelu',
    loss: 'ce',
    examples: 601,
    batch: null,
    hashes: ['b562f1623647624c', 'fdb36f4c48c638da'],
  },
  {
    sizes: [10, 9, 6, 3, 2],
    activation: 'softplus',
    loss: 'ce',
    examples: 33,
    batch: 33,
    hashes: ['aacdc888c17d7d96', '1765bb62f1a0f162'],
  },
  {
    sizes: [5, 17, 4],
    activation: 'sigmoid',
    loss: 'mse',
    examples: 129,
    batch: 1,
    hashes: ['5bc051449fca8361', '57fa2fbc15a529cb'],
  },
  {
    sizes: [4, 10, 10, 3],
    activation: 'elu',
    loss: 'ce',
    examples: 64,
    batch: 8,
    hashes: ['789cd20358850a51', '8c6778d872b150c4'],
  },
  {
    sizes: [6, 65, 2],
    activation: 'relu',
    loss: 'ce',
    examples: 520,
    batch: null,
    hashes: ['629f46d11f9bdbf5', 'b2d108f0d33cdce8'],
  },
];
const STEPS = 40;
const RATE = 0.125;

/** Numbers on [−1, 1) that every machine makes alike. */
function random(length: number, seed: number): Float64Array {
  const uniform = mulberry32(seed);
  return Float64Array.from({ length }, () => 2 * uniform() - 1);
}

function problemOf({ sizes, activation, loss, examples }: Pinned): Problem {
  const outputs = sizes[sizes.length - 1];
  const targets = random(examples * outputs, 2);
  if (loss === 'ce') {
    for (let i = 0; i < targets.length; i++) targets[i] = i % outputs === Math.floor(i / outputs) % outputs ? 1 : 0;
  }
  const network = { sizes, biases: sizes.slice(1).map((_, l) => l !== 1), activation };
  return { network, loss, examples, inputs: random(examples * sizes[0], 1), targets };
}

function open(problem: Problem, precision: Precision): Promise<Landscape> {
  return createWasmEngine(module, precision).then((engine) => engine.landscape(problem));
}

/** θ after STEPS steps, and the product with a fixed direction there. */
async function train(pinned: Pinned, precision: Precision): Promise<Float64Array> {
  const landscape = await open(problemOf(pinned), precision);
  const [theta, v, out] = [0, 1, 2].map(() => landscape.vector());
  const [loss, eta] = landscape.scalars(2);
  const size = pinned.batch ?? pinned.examples;
  const [batch] = pinned.batch === null ? [undefined] : landscape.batches(1, size);
  landscape.write(theta, random(landscape.dimension, 3));
  landscape.write(v, random(landscape.dimension, 4));
  landscape.write(eta, [RATE]);
  const uniform = mulberry32(5);
  for (let t = 0; t < STEPS; t++) {
    if (batch) {
      const drawn = Uint32Array.from({ length: size }, () => Math.floor(uniform() * pinned.examples));
      landscape.choose([batch], drawn);
    }
    landscape.gradient(theta, out, loss, batch);
    landscape.axpy(-1, eta, out, theta);
  }
  landscape.linearise(theta, batch);
  landscape.hessianProduct(v, out);
  const [trained, product] = await landscape.read(theta, out);
  return Float64Array.of(...trained, ...product);
}

describe('bits', () => {
  it.each(PINNED)('of $sizes $activation $loss, n = $examples, batch $batch', async (pinned) => {
    const found: string[] = [];
    for (const precision of ['f32', 'f64'] as const) {
      const values = await train(pinned, precision);
      expect(values.every(Number.isFinite)).toBe(true);
      found.push(fingerprint(values, precision).slice(0, 16));
    }
    expect(found).toEqual(pinned.hashes);
  });

  it.each<Precision>(['f32', 'f64'])('of many probes at one θ are those of each alone (%s)', async (precision) => {
    const landscape = await open(problemOf(PINNED[4]), precision);
    const P = landscape.dimension;
    const lanes = 5;
    const theta = landscape.vector();
    const [probes, products] = [landscape.vector(lanes), landscape.vector(lanes)];
    const [v, out] = [landscape.vector(), landscape.vector()];
    const values = random(lanes * P, 6);
    landscape.write(theta, random(P, 3));
    landscape.write(probes, values);
    landscape.linearise(theta);
    landscape.hessianProduct(probes, products);
    const [together] = await landscape.read(products);
    for (let lane = 0; lane < lanes; lane++) {
      landscape.write(v, values.subarray(lane * P, (lane + 1) * P));
      landscape.hessianProduct(v, out);
      expect(together.subarray(lane * P, (lane + 1) * P)).toEqual((await landscape.read(out))[0]);
    }
  });
});
