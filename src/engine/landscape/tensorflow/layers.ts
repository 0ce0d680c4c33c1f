/**
 * The network as a list of layers, each a function of its input and its own parameters that TensorFlow.js differentiates
 * by itself. That is what this engine is for: the kernels of the other two are fused for dense layers, while here a
 * further kind of layer (batch norm, layer norm) is one more entry of the list, and gradients, Hessian products and lanes
 * follow from it. The one rule is that every op in `forward` can be differentiated twice: TensorFlow.js's own where they
 * save no output (matMul, add, mul, square, rsqrt, …), `differentiable` (twice.ts) for all others.
 */
import { add, concat, matMul, reshape, split, type Tensor } from '@tensorflow/tfjs-core';
import { layers } from '../../network/layout';
import type { Network } from '../landscape';
import { activation, type ActivationTable } from './activations';

/** [rows, columns]: parameters lie row-major in θ, layer by layer in the order in which the layers name them. */
type Shape = readonly [number, number];

interface Layer {
  readonly parameters: readonly Shape[];
  /**
   * From [lanes, n, inputs] to [lanes, n, outputs]. Each parameter has shape [lanes, rows, columns]; one lane meets all.
   * `ones` is [1, n, 1], by which a product makes a row of n rows, and its transpose sums over the examples.
   */
  forward(input: Tensor, parameters: readonly Tensor[], ones: Tensor): Tensor;
}

/**
 * x W + 1 bᵀ. The bias comes as a product with ones and not by broadcasting, which costs more than x W itself on the cpu
 * backend, as does its gradient, a sum over examples.
 */
function dense(fanIn: number, fanOut: number, bias: boolean): Layer {
  const weights: Shape = [fanIn, fanOut];
  if (!bias) return { parameters: [weights], forward: (x, [w]) => matMul(x, w) };
  return {
    parameters: [weights, [1, fanOut]],
    forward: (x, [w, b], ones) => add(matMul(x, w), matMul(ones, b)),
  };
}

/** Layers one after another, and how their parameters lie in the flat θ. */
export class Stack {
  readonly #layers: readonly Layer[];
  readonly #shapes: readonly Shape[];
  readonly #sizes: number[];

  constructor(list: readonly Layer[]) {
    this.#layers = list;
    this.#shapes = list.flatMap(({ parameters }) => parameters);
    this.#sizes = this.#shapes.map(([rows, columns]) => rows * columns);
  }

  /** θ, [lanes, 1, P], as parameters [lanes, rows, columns]. */
  parameters(theta: Tensor): Tensor[] {
    const pieces = split(theta, this.#sizes, 2);
    return pieces.map((piece, i) => reshape(piece, [theta.shape[0], ...this.#shapes[i]]));
  }

  /** The inverse: parameters, or what has their shapes, as [lanes, 1, P]. */
  flat(parameters: readonly Tensor[]): Tensor {
    const pieces = parameters.map((piece, i) => reshape(piece, [piece.shape[0], 1, this.#sizes[i]]));
    return concat(pieces, 2);
  }

  /** Outputs [lanes, n, outputs] of the inputs [1 or lanes, n, inputs]. */
  forward(inputs: Tensor, parameters: readonly Tensor[], ones: Tensor): Tensor {
    let at = 0;
    return this.#layers.reduce((x, layer) => {
      const own = parameters.slice(at, (at += layer.parameters.length));
      return layer.forward(x, own, ones);
    }, inputs);
  }
}

/** A fully connected network as layers. Throws an `engine` fault where the table lacks its activation. */
export function stackOf(network: Network, table: ActivationTable): Stack {
  const id = network.activation;
  const phi = id === 'linear' ? null : activation(id, table);
  const list = layers(network).flatMap(({ fanIn, fanOut, bias }, l): Layer[] => {
    const affine = dense(fanIn, fanOut, bias >= 0);
    const last = l === network.sizes.length - 2;
    return last || !phi ? [affine] : [affine, { parameters: [], forward: phi }];
  });
  return new Stack(list);
}
