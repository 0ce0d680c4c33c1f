/**
 * Where each parameter lives in the flat vector θ: layer by layer, W_l with shape (fan-in, fan-out) row-major, then b_l
 * where the layer has one. This is the layout of every export, for ever.
 */
import type { Network } from '../landscape/landscape';

export interface LayoutEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
}

export interface Layer {
  readonly fanIn: number;
  readonly fanOut: number;
  /** Offset of W_l in θ. */
  readonly weights: number;
  /** Offset of b_l in θ, or −1 where the layer has none. */
  readonly bias: number;
}

export function layers(network: Network): Layer[] {
  const result: Layer[] = [];
  let offset = 0;
  for (let l = 1; l < network.sizes.length; l++) {
    const fanIn = network.sizes[l - 1];
    const fanOut = network.sizes[l];
    const weights = offset;
    offset += fanIn * fanOut;
    const bias = network.biases[l - 1] ? offset : -1;
    if (network.biases[l - 1]) offset += fanOut;
    result.push({ fanIn, fanOut, weights, bias });
  }
  return result;
}

/** P, the number of parameters. */
export function parameterCount(network: Network): number {
  return layers(network).reduce((sum, l) => sum + l.fanIn * l.fanOut + (l.bias < 0 ? 0 : l.fanOut), 0);
}

export function layout(network: Network): LayoutEntry[] {
  return layers(network).flatMap((l, i) => {
    const weights = { name: `W${i + 1}`, shape: [l.fanIn, l.fanOut], offset: l.weights };
    return l.bias < 0 ? [weights] : [weights, { name: `b${i + 1}`, shape: [l.fanOut], offset: l.bias }];
  });
}
