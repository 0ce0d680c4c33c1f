/**
 * TensorFlow.js op by op on its own WebGPU backend, as one would write it: a GD step with `tf.grads`, and the exact
 * Hessian-vector product by the R-operator (Pearlmutter 1994) in ops, with the primal pass kept. Double backward is no
 * peer: in TensorFlow.js 4.22 it is silently wrong for tanh, and where `tf.customGrad` mends it, it is slower than this.
 */
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs';
import { LEARNING_RATE, type Instance } from '../problems';
import type { Workload } from '../workload';

type Matrices = readonly tf.Tensor2D[];
type Biases = readonly tf.Tensor1D[];

/** Chooses the backend; rejects where it is not to be had. All its settings stay at their defaults. */
export async function startTensorFlow(): Promise<void> {
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js could not start its WebGPU backend.');
  await tf.ready();
}

/** A flat vector, layer by layer W then b, as tensors. */
function split(flat: Float64Array, sizes: readonly number[]): { weights: tf.Tensor2D[]; biases: tf.Tensor1D[] } {
  const values = Float32Array.from(flat);
  const weights: tf.Tensor2D[] = [];
  const biases: tf.Tensor1D[] = [];
  let offset = 0;
  for (let l = 1; l < sizes.length; l++) {
    const [fanIn, fanOut] = [sizes[l - 1], sizes[l]];
    weights.push(tf.tensor2d(values.slice(offset, offset + fanIn * fanOut), [fanIn, fanOut]));
    offset += fanIn * fanOut;
    biases.push(tf.tensor1d(values.slice(offset, offset + fanOut)));
    offset += fanOut;
  }
  return { weights, biases };
}

/** What the product needs of the primal pass: activations a_l, φ′, deltas δ_l and (δ_{l+1} W_{l+1}ᵀ) ⊙ φ″. */
type Primal = Record<'activations' | 'slopes' | 'deltas' | 'curvatures', tf.Tensor2D[]>;

function linearise(x: tf.Tensor2D, y: tf.Tensor2D, weights: Matrices, biases: Biases): Primal {
  const last = weights.length - 1;
  const activations: tf.Tensor2D[] = [x];
  const slopes: tf.Tensor2D[] = [];
  weights.forEach((w, l) => {
    const z = tf.add<tf.Tensor2D>(tf.matMul(activations[l], w), biases[l]);
    activations.push(l < last ? tf.tanh(z) : z);
    if (l < last) slopes.push(tf.sub(1, tf.square(activations[l + 1])));
  });
  const deltas: tf.Tensor2D[] = [];
  const curvatures: tf.Tensor2D[] = [];
  deltas[last] = tf.div(tf.sub(activations[last + 1], y), x.shape[0]);
  for (let l = last - 1; l >= 0; l--) {
    const back = tf.matMul(deltas[l + 1], weights[l + 1], false, true);
    deltas[l] = tf.mul(back, slopes[l]);
    curvatures[l] = tf.mul(deltas[l], tf.mul(-2, activations[l + 1]));
  }
  return { activations, slopes, deltas, curvatures };
}

/** [W, b] parts of the product, layer by layer. */
function hessianProduct(weights: Matrices, primal: Primal, vs: Matrices, cs: Biases): tf.Tensor[] {
  const { activations, slopes, deltas, curvatures } = primal;
  const last = weights.length - 1;
  const rz: tf.Tensor2D[] = [];
  const ra: tf.Tensor2D[] = [];
  for (let l = 0; l <= last; l++) {
    const direct = tf.add<tf.Tensor2D>(tf.matMul(activations[l], vs[l]), cs[l]);
    rz[l] = l === 0 ? direct : tf.add(direct, tf.matMul(ra[l - 1], weights[l]));
    if (l < last) ra[l] = tf.mul(rz[l], slopes[l]);
  }
  const parts: tf.Tensor[] = [];
  let rd = tf.div<tf.Tensor2D>(rz[last], activations[0].shape[0]);
  for (let l = last; l >= 0; l--) {
    const own = tf.matMul(activations[l], rd, true);
    parts.unshift(l === 0 ? own : tf.add(own, tf.matMul(ra[l - 1], deltas[l], true)), tf.sum(rd, 0));
    if (l === 0) break;
    const back = tf.add(tf.matMul(rd, weights[l], false, true), tf.matMul(deltas[l], vs[l], false, true));
    rd = tf.add(tf.mul(back, slopes[l - 1]), tf.mul(curvatures[l - 1], rz[l - 1]));
  }
  return parts;
}

export function tensorFlowWorkload({ problem, theta, direction }: Instance): Workload {
  const { sizes } = problem.network;
  const x = tf.tensor2d(Float32Array.from(problem.inputs), [problem.examples, sizes[0]]);
  const y = tf.tensor2d(Float32Array.from(problem.targets), [problem.examples, sizes[sizes.length - 1]]);
  const { weights, biases } = split(theta, sizes);
  const { weights: vs, biases: cs } = split(direction, sizes);
  const last = weights.length - 1;
  const loss = (...parameters: tf.Tensor[]): tf.Scalar => {
    let a: tf.Tensor = x;
    for (let l = 0; l <= last; l++) {
      const z = tf.add(tf.matMul(a, parameters[2 * l]), parameters[2 * l + 1]);
      a = l < last ? tf.tanh(z) : z;
    }
    return tf.mul(tf.sum(tf.square(tf.sub(a, y))), 0.5 / problem.examples);
  };
  const gradients = tf.grads(loss);
  let parameters: tf.Tensor[] = weights.flatMap((w, l) => [w.clone(), biases[l].clone()]);

  const step = (): void => {
    const next = tf.tidy(() => {
      return gradients(parameters).map((g, i) => tf.sub(parameters[i], tf.mul(g, LEARNING_RATE)));
    });
    tf.dispose(parameters);
    parameters = next;
  };
  const products = (primal: Primal): tf.Tensor[] => tf.tidy(() => hessianProduct(weights, primal, vs, cs));
  const kept = (): Primal => tf.tidy(() => linearise(x, y, weights, biases));
  const release = ({ activations, slopes, deltas, curvatures }: Primal): void => {
    tf.dispose([...activations.slice(1), ...slopes, ...deltas, ...curvatures]);
  };

  return {
    async run(work, count) {
      if (work === 'lanczos20') throw new Error('Lanczos is not timed on TensorFlow.js.');
      if (work === 'step') {
        for (let i = 0; i < count; i++) step();
        await parameters[0].data();
        return;
      }
      const primal = kept();
      let parts: tf.Tensor[] = [];
      for (let i = 0; i < count; i++) {
        tf.dispose(parts);
        parts = products(primal);
      }
      await parts[0].data();
      tf.dispose(parts);
      release(primal);
    },
    async product() {
      const primal = kept();
      const parts = products(primal);
      const values = await Promise.all(parts.map((part) => part.data()));
      tf.dispose(parts);
      release(primal);
      return Float64Array.from(values.flatMap((part) => [...part]));
    },
    dispose: () => tf.dispose([x, y, ...weights, ...biases, ...vs, ...cs, ...parameters]),
  };
}
