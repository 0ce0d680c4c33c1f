/**
 * The exact Hessian-vector product in TensorFlow.js ops by the R-operator (Pearlmutter 1994), with the primal pass kept,
 * as our engines do it, and not how one would write it first.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface Layer {
  readonly weights: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/** What the product needs of the primal pass: activations a_l, φ′, deltas δ_l and (δ_{l+1} W_{l+1}ᵀ) ⊙ φ″. */
export type Primal = Record<'activations' | 'slopes' | 'deltas' | 'curvatures', tf.Tensor2D[]>;

export function linearise(x: tf.Tensor2D, y: tf.Tensor2D, layers: readonly Layer[]): Primal {
  const last = layers.length - 1;
  const activations: tf.Tensor2D[] = [x];
  const slopes: tf.Tensor2D[] = [];
  layers.forEach(({ weights, bias }, l) => {
    const z = tf.add<tf.Tensor2D>(tf.matMul(activations[l], weights), bias);
    activations.push(l < last ? tf.tanh(z) : z);
    if (l < last) slopes.push(tf.sub(1, tf.square(activations[l + 1])));
  });
  const deltas: tf.Tensor2D[] = [];
  const curvatures: tf.Tensor2D[] = [];
  deltas[last] = tf.div(tf.sub(activations[last + 1], y), x.shape[0]);
  for (let l = last - 1; l >= 0; l--) {
    const back = tf.matMul(deltas[l + 1], layers[l + 1].weights, false, true);
    deltas[l] = tf.mul(back, slopes[l]);
    curvatures[l] = tf.mul(deltas[l], tf.mul(-2, activations[l + 1]));
  }
  return { activations, slopes, deltas, curvatures };
}

/** Frees all but the inputs, which are the first activations. */
export function release({ activations, slopes, deltas, curvatures }: Primal): void {
  tf.dispose([...activations.slice(1), ...slopes, ...deltas, ...curvatures]);
}

/** The product's parts for W and b, layer by layer, in the direction of `vs`. */
export function hessianProduct(layers: readonly Layer[], primal: Primal, vs: readonly Layer[]): tf.Tensor[] {
  const { activations, slopes, deltas, curvatures } = primal;
  const last = layers.length - 1;
  const rz: tf.Tensor2D[] = [];
  const ra: tf.Tensor2D[] = [];
  for (let l = 0; l <= last; l++) {
    const direct = tf.add<tf.Tensor2D>(tf.matMul(activations[l], vs[l].weights), vs[l].bias);
    rz[l] = l === 0 ? direct : tf.add(direct, tf.matMul(ra[l - 1], layers[l].weights));
    if (l < last) ra[l] = tf.mul(rz[l], slopes[l]);
  }
  const parts: tf.Tensor[] = [];
  let rd = tf.div<tf.Tensor2D>(rz[last], activations[0].shape[0]);
  for (let l = last; l >= 0; l--) {
    const own = tf.matMul(activations[l], rd, true);
    parts.unshift(l === 0 ? own : tf.add(own, tf.matMul(ra[l - 1], deltas[l], true)), tf.sum(rd, 0));
    if (l === 0) break;
    const back = tf.add(
      tf.matMul(rd, layers[l].weights, false, true),
      tf.matMul(deltas[l], vs[l].weights, false, true),
    );
    rd = tf.add(tf.mul(back, slopes[l - 1]), tf.mul(curvatures[l - 1], rz[l - 1]));
  }
  return parts;
}
