/**
 * Functions that TensorFlow.js differentiates twice rightly. Its own do not all: in 4.22 an op that saves its *output*
 * for the backward pass (tanh, sigmoid, softmax) loses the second-order term without a word, since the copy it saves is
 * put on the tape before the op that made it; elu throws. A `tf.customGrad` function that saves its *input* is sound, and
 * so is one whose backward pass consists of such functions: so each is given here by its value and its pull-back, and
 * the pull-back is made of functions of the same kind.
 */
import { customGrad, type GradSaveFunc, type Tensor } from '@tensorflow/tfjs-core';

export type TensorFunction = (x: Tensor) => Tensor;

/**
 * The function x ↦ value(x) whose gradient is pullBack(dy, x). `value` may use any op, for it is never differentiated;
 * `pullBack` is, in a second backward pass.
 */
export function differentiable(value: TensorFunction, pullBack: (dy: Tensor, x: Tensor) => Tensor): TensorFunction {
  const op = customGrad((...given) => {
    // TensorFlow.js hands over the inputs, here one, and then the function that saves.
    const [input, save] = given as [Tensor, GradSaveFunc];
    save([input]);
    return { value: value(input), gradFunc: (dy: Tensor, [x]: Tensor[]) => pullBack(dy, x) };
  });
  // It takes whatever it is given for an input.
  return (x) => op(x);
}
