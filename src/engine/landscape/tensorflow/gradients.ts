/**
 * The gradients of the few ops that stand on the tape. TensorFlow.js's core comes without any: its full package registers
 * all of them, which Node cannot load by the same path as a browser, and which are many times this engine in size. Here
 * are those that the layers, their losses and the flat gradient are made of, each written in the same few ops, so that a
 * gradient can be differentiated again. A layer that needs another op adds its gradient here. Operands that are
 * differentiated have the full shape: broadcasting would call for sums, and TensorFlow.js throws where shapes differ.
 */
import {
  Add,
  BatchMatMul,
  Concat,
  Identity,
  Multiply,
  Reshape,
  clone,
  getGradient,
  matMul,
  mul,
  registerGradient,
  reshape,
  split,
  type GradConfig,
  type NamedAttrMap,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** ∂/∂A is Ḋ Bᵀ and ∂/∂B is Aᵀ Ḋ, for A and B as they enter the product. */
function productGradient(d: Tensor, [a, b]: readonly Tensor[], { transposeA, transposeB }: NamedAttrMap) {
  const [ta, tb] = [transposeA === true, transposeB === true];
  return {
    a: () => (ta ? matMul(b, d, tb, true) : matMul(d, b, false, !tb)),
    b: () => (tb ? matMul(d, a, true, ta) : matMul(a, d, !ta, false)),
  };
}

// What a gradient returns must be a tensor of its own: TensorFlow.js disposes of it when it is added to another.
const GRADIENTS: readonly GradConfig[] = [
  { kernelName: Add, gradFunc: (d) => ({ a: () => clone(one(d)), b: () => clone(one(d)) }) },
  { kernelName: Identity, gradFunc: (d) => ({ x: () => clone(one(d)) }) },
  {
    kernelName: Multiply,
    inputsToSave: ['a', 'b'],
    gradFunc: (d, [a, b]) => ({ a: () => mul(one(d), b), b: () => mul(one(d), a) }),
  },
  {
    kernelName: BatchMatMul,
    inputsToSave: ['a', 'b'],
    gradFunc: (d, factors, attributes) => productGradient(one(d), factors, attributes),
  },
  { kernelName: Reshape, inputsToSave: ['x'], gradFunc: (d, [x]) => ({ x: () => reshape(one(d), x.shape) }) },
  {
    kernelName: Concat,
    saveAllInputs: true,
    gradFunc: (d, parts, { axis }) => {
      const along = Number(axis);
      const pieces = split(
        one(d),
        parts.map(({ shape }) => shape[along]),
        along,
      );
      return Object.fromEntries(pieces.map((piece, i) => [i, () => piece]));
    },
  },
];

/** The gradient of an op of one output, as all of these are. */
function one(d: Tensor | Tensor[]): Tensor {
  if (Array.isArray(d)) throw new Error('an op of one output has one gradient');
  return d;
}

/** Registers what TensorFlow.js has not been given by its full package. */
export function registerGradients(): void {
  for (const config of GRADIENTS) if (!getGradient(config.kernelName)) registerGradient(config);
}
