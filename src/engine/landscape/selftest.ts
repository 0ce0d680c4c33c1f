/**
 * The start-up self-test of every engine: one loss, one gradient, one Hessian-vector product and one inner product on a
 * tiny network against baked answers (from the f64 kernels, checked against plain loops by the test). Miscompiled shaders
 * and broken devices exist, and would otherwise draw a wrong sharpness that looks right.
 */
import { EdgescopeError } from '../../experiment/fault';
import type { Engine, Problem } from './landscape';
import { within } from './patience';

const EXAMPLES = 9;
/** Compiling for the first time takes a software adapter seconds. */
const PATIENCE_S = 20;

/** Numbers in (−1, 1) that every machine makes alike: multiples of 1/16 in a scrambled order. */
function scrambled(length: number, factor: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => (((i + 1) * factor) % 31) / 16 - 15 / 16);
}

/** 3-5-2 tanh with cross-entropy: odd widths, and examples that do not fill a block. P = 32. */
export const SELF_TEST_PROBLEM: Problem = {
  network: { sizes: [3, 5, 2], biases: [true, true], activation: 'tanh' },
  loss: 'ce',
  examples: EXAMPLES,
  inputs: scrambled(EXAMPLES * 3, 7),
  targets: Float64Array.from({ length: EXAMPLES * 2 }, (_, i) => ((i >> 1) % 2 === i % 2 ? 1 : 0)),
};
export const SELF_TEST_THETA: Float64Array = scrambled(32, 11);
export const SELF_TEST_DIRECTION: Float64Array = scrambled(32, 13);

/** The answers: L(θ), ∇L(θ), ∇²L(θ) v and v · ∇²L(θ) v. */
export const SELF_TEST_ANSWERS = {
  loss: 0.719315530399045,
  dot: 0.52418838562864,
  gradient: [
    0.0253623338647702, 0.0323198049427004, 0.0138439487445426, 0.0234630096675066, 0.0345598238020444,
    -0.020937378271644, -0.0190609697204956, -0.00137849111761129, -0.0172106528440445, -0.0207039269904012,
    -0.00107310228050966, -0.00941783525747648, -0.0162280136065167, -0.00303520468537224, -0.00937146170915821,
    0.0723283449583114, 0.0640650855561387, -0.122610410361739, 0.0646123317282342, 0.0718853281374559,
    -0.0666760105295644, 0.0666760105295644, 0.0943598016049594, -0.0943598016049594, 0.0444178325025466,
    -0.0444178325025466, -0.0797214095136265, 0.0797214095136265, 0.081230129880695, -0.081230129880695,
    -0.157914012890225, 0.157914012890225,
  ],
  product: [
    -0.0333542549240448, -0.0298948000403284, -0.0164236484891913, 0.030408644045477, 0.0527332970262455,
    0.0771685338395341, 0.103676888191549, -0.131514859686668, 0.0470710778771777, 0.044721184461325,
    -0.041097119275173, -0.067043531761138, 0.123518132086715, -0.0643145969615847, -0.0801069859056622,
    -0.0482321109371102, -0.0314064029950654, -0.204886053697871, 0.122111641530649, 0.199183294738947,
    -0.0015684235708197, 0.0015684235708197, 0.186751385419626, -0.186751385419626, -0.0133342392810036,
    0.0133342392810036, -0.0658245713976738, 0.0658245713976738, 0.153533303253602, -0.153533303253602,
    -0.257729568335374, 0.257729568335374,
  ],
};

/** Largest difference relative to the largest expected entry; NaN where anything is not a number. */
function deviation(actual: ArrayLike<number>, expected: readonly number[]): number {
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]));
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
  }
  return worst / scale;
}

/** Rejects with an `engine` fault where the engine computes wrongly, with the measured deviation, or does not answer. */
export function selfTest(engine: Engine): Promise<void> {
  return within(PATIENCE_S, engine.device.name, prove(engine));
}

/** The engine, once it has passed its self-test; one that fails is disposed of, and the promise rejects with its fault. */
export async function proven(engine: Engine): Promise<Engine> {
  try {
    await selfTest(engine);
  } catch (thrown) {
    engine.dispose();
    throw thrown;
  }
  return engine;
}

async function prove(engine: Engine): Promise<void> {
  const { name, precision } = engine.device;
  const tolerance = precision === 'f32' ? 1e-4 : 1e-12;
  const landscape = await engine.landscape(SELF_TEST_PROBLEM);
  try {
    const theta = landscape.vector();
    const direction = landscape.vector();
    const gradient = landscape.vector();
    const product = landscape.vector();
    const [loss, dot] = landscape.scalars(2);
    landscape.write(theta, SELF_TEST_THETA);
    landscape.write(direction, SELF_TEST_DIRECTION);
    landscape.gradient(theta, gradient, loss);
    landscape.linearise(theta);
    landscape.hessianProduct(direction, product);
    landscape.dot(direction, product, dot);
    const [scalars, g, h] = await landscape.read([loss, dot], gradient, product);
    const answers = SELF_TEST_ANSWERS;
    const found: readonly (readonly [string, number])[] = [
      ['loss', deviation([scalars[0]], [answers.loss])],
      ['gradient', deviation(g, answers.gradient)],
      ['Hessian-vector product', deviation(h, answers.product)],
      ['inner product', deviation([scalars[1]], [answers.dot])],
    ];
    for (const [quantity, error] of found) {
      // Written so that NaN is refused too.
      if (!(error <= tolerance)) {
        throw new EdgescopeError(
          'engine',
          `${name} computes wrongly here: its ${quantity} is off by ${error.toExponential(1)} (relative), ` +
            `where ${tolerance.toExponential(0)} is allowed.`,
        );
      }
    }
  } finally {
    landscape.dispose();
  }
}
