/**
 * TensorFlow.js op by op on its WebGPU backend, as one would write it: a GD step with `tf.grads`, the Hessian-vector
 * product as the gradient of ⟨∇L, v⟩. In TensorFlow.js 4.22 such double backward is silently wrong for tanh, whose
 * gradient is built on its saved output; a `tf.customGrad` that saves its input mends it. It registers gradients and flags
 * for the whole program, as our TensorFlow.js engine does, so the two must not live in one page or worker (host.ts).
 */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
// Without it `tf.grads` knows the gradient of no op.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { differentiable, type TensorFunction } from '../../engine/landscape/tensorflow/twice';
import { clocked, type Entrant, type Workload } from '../entrant';
import { instanceOf, layerValues, type Instance } from '../problems';
import { LEARNING_RATE, type Work } from '../report/subject';
import { adapterOf, type Peer } from './adapter';
import { hessianProduct, linearise, release, type Layer, type Primal } from './tensorflow-product';

const BACKEND = 'webgpu';
const WORKS: readonly Work[] = ['step', 'hvp', 'hvp-r'];

/** tanh whose second derivative is right. */
const tanh: TensorFunction = differentiable(tf.tanh, (dy, x) => tf.mul(dy, tf.sub(1, tf.square(tanh(x)))));

const flatOf = (layers: readonly Layer[]): tf.Tensor[] => layers.flatMap(({ weights, bias }) => [weights, bias]);

function tensors(instance: Instance, flat: Float64Array): Layer[] {
  return layerValues(instance, flat).map(({ fanIn, fanOut, weights, bias }) => ({
    weights: tf.tensor2d(weights, [fanIn, fanOut]),
    bias: tf.tensor1d(bias),
  }));
}

function workloadOf(instance: Instance): Workload {
  const { problem, theta, direction } = instance;
  const { sizes } = problem.network;
  const x = tf.tensor2d(Float32Array.from(problem.inputs), [problem.examples, sizes[0]]);
  const y = tf.tensor2d(Float32Array.from(problem.targets), [problem.examples, sizes[sizes.length - 1]]);
  const layers = tensors(instance, theta);
  const vs = tensors(instance, direction);
  const loss = (...parameters: tf.Tensor[]): tf.Scalar => {
    let a: tf.Tensor = x;
    for (let l = 0; l < layers.length; l++) {
      const z = tf.add(tf.matMul(a, parameters[2 * l]), parameters[2 * l + 1]);
      a = l < layers.length - 1 ? tanh(z) : z;
    }
    return tf.mul(tf.sum(tf.square(tf.sub(a, y))), 0.5 / problem.examples);
  };
  const gradients = tf.grads(loss);
  const fixed = flatOf(layers);
  const along = flatOf(vs);
  const slope = (...parameters: tf.Tensor[]): tf.Scalar => {
    const products = gradients(parameters).map((g, i) => tf.sum<tf.Scalar>(tf.mul(g, along[i])));
    return tf.addN(products);
  };
  const products = tf.grads(slope);
  let parameters = fixed.map((parameter) => tf.clone(parameter));

  const step = (): void => {
    const next = tf.tidy(() => gradients(parameters).map((g, i) => tf.sub(parameters[i], tf.mul(g, LEARNING_RATE))));
    tf.dispose(parameters);
    parameters = next;
  };
  /** Repeats what makes the parts of a product, and waits for the last. */
  const repeat = async (make: () => tf.Tensor[], count: number): Promise<void> => {
    let parts: tf.Tensor[] = [];
    for (let i = 0; i < count; i++) {
      tf.dispose(parts);
      parts = tf.tidy(make);
    }
    await parts[0].data();
    tf.dispose(parts);
  };
  const stepped = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) step();
    await parameters[0].data();
  };
  /** The primal pass, done: the backward pass ends in the deltas of the first layer. */
  const linearised = async (): Promise<Primal> => {
    const primal = tf.tidy(() => linearise(x, y, layers));
    await primal.deltas[0].data();
    return primal;
  };
  const byRop = async (count: number): Promise<number> => {
    const primal = await linearised();
    const ms = await clocked(() => repeat(() => hessianProduct(layers, primal, vs), count));
    release(primal);
    return ms;
  };

  return {
    works: WORKS,
    time(work, count) {
      if (work === 'hvp-r') return byRop(count);
      return clocked(() => (work === 'step' ? stepped(count) : repeat(() => products(fixed), count)));
    },
    async product() {
      const parts = tf.tidy(() => products(fixed));
      const values = await Promise.all(parts.map((part) => part.data()));
      tf.dispose(parts);
      return values.flatMap((part) => Array.from(part));
    },
    note: () => null,
    dispose: () => tf.dispose([x, y, ...fixed, ...along, ...parameters]),
  };
}

/** Chooses the backend; rejects where it is not to be had. */
export async function tensorFlowEntrant(): Promise<Peer> {
  if (!(await tf.setBackend(BACKEND))) throw new Error('TensorFlow.js could not start its WebGPU backend.');
  await tf.ready();
  const entrant: Entrant = {
    id: 'tfjs-webgpu',
    prepare: async (size) => workloadOf(instanceOf(size)),
  };
  const adapter = adapterOf((tf.backend() as WebGPUBackend).device);
  const place = adapter?.name ?? 'an adapter that this browser does not name';
  return { entrant, device: `version ${tf.version_core} on ${place}`, hardware: adapter?.hardware ?? null };
}
