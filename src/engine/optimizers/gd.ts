/**
 * Gradient descent, θ_{t+1} = θ_t − η ∇L(θ_t): on all examples the optimiser whose edge is 2/η (Cohen et al. 2021), on
 * the examples of a mini-batch plain SGD (Robbins & Monro 1951).
 */
import type { Landscape } from '../landscape/landscape';
import type { Optimizer } from './optimizer';

export function gradientDescent(landscape: Landscape, lanes = 1): Optimizer {
  const gradient = landscape.vector(lanes);
  const [eta, halfEta] = landscape.scalars(2, lanes);
  return {
    setLearningRate(lr) {
      const rates = typeof lr === 'number' ? [lr] : lr;
      landscape.write(eta, rates);
      landscape.write(
        halfEta,
        rates.map((rate) => rate / 2),
      );
    },
    step(theta, loss, batch) {
      landscape.gradient(theta, gradient, loss, batch);
      landscape.axpy(-1, eta, gradient, theta);
    },
    midpoint(theta, gradientOfStep, out) {
      landscape.copy(theta, out);
      landscape.axpy(-1, halfEta, gradientOfStep, out);
    },
  };
}
