/**
 * Initial parameters θ₀. Draw order: layer by layer, W_l row-major over (fan-in, fan-out), then b_l where the law draws
 * biases; frozen, like every use of the random streams. Sources of the laws: the catalogue.
 */
import type { InitId } from '../../experiment/experiment';
import type { DeterministicMath } from '../deterministic';
import type { Network } from '../landscape/landscape';
import { randomStream, type RandomStream } from '../random';
import { layers, parameterCount, type Layer } from './layout';

/**
 * Rows or columns orthonormal, whichever are fewer: Gram–Schmidt (twice, for orthogonality to rounding) on Gaussian
 * vectors drawn one whole vector after another (Saxe et al. 2014).
 */
function fillOrthogonal(theta: Float64Array, layer: Layer, random: RandomStream): void {
  const { fanIn, fanOut, weights } = layer;
  const count = Math.min(fanIn, fanOut);
  const length = Math.max(fanIn, fanOut);
  const vectors: Float64Array[] = [];
  for (let c = 0; c < count; c++) {
    const v = Float64Array.from({ length }, () => random.normal());
    for (let sweep = 0; sweep < 2; sweep++) {
      for (const u of vectors) {
        const overlap = u.reduce((sum, x, i) => sum + x * v[i], 0);
        u.forEach((x, i) => (v[i] -= overlap * x));
      }
    }
    const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    vectors.push(v.map((x) => x / norm));
  }
  for (let i = 0; i < fanIn; i++) {
    for (let o = 0; o < fanOut; o++) {
      theta[weights + i * fanOut + o] = fanOut <= fanIn ? vectors[o][i] : vectors[i][o];
    }
  }
}

/** Standard deviation of a Gaussian law's weights. */
function deviation(init: 'lecun' | 'xavier' | 'he', { fanIn, fanOut }: Layer): number {
  switch (init) {
    case 'lecun':
      return Math.sqrt(1 / fanIn);
    case 'xavier':
      return Math.sqrt(2 / (fanIn + fanOut));
    case 'he':
      return Math.sqrt(2 / fanIn);
  }
}

/** θ₀ of shape [P]. `scale` multiplies the weights, not the biases. */
export function initialise(
  network: Network,
  init: InitId,
  scale: number,
  seed: number,
  math: DeterministicMath,
): Float64Array {
  const random = randomStream(math, seed, 'init');
  const theta = new Float64Array(parameterCount(network));
  for (const layer of layers(network)) {
    const { fanIn, fanOut, weights, bias } = layer;
    if (init === 'orthogonal') {
      fillOrthogonal(theta, layer, random);
    } else if (init === 'pytorch') {
      const bound = 1 / Math.sqrt(fanIn);
      const uniform = (): number => bound * (2 * random.uniform() - 1);
      for (let i = 0; i < fanIn * fanOut; i++) theta[weights + i] = uniform();
      if (bias >= 0) for (let o = 0; o < fanOut; o++) theta[bias + o] = uniform();
    } else {
      const sigma = deviation(init, layer);
      for (let i = 0; i < fanIn * fanOut; i++) theta[weights + i] = sigma * random.normal();
    }
    for (let i = 0; i < fanIn * fanOut; i++) theta[weights + i] *= scale;
  }
  return theta;
}
