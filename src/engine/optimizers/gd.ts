/**
 * Full-batch gradient descent, θ_{t+1} = θ_t − η ∇L(θ_t): the optimiser whose edge is 2/η (Cohen et al. 2021).
 */
import type { Landscape } from '../landscape/landscape';
import type { Optimizer } from './optimizer';

export function gradientDescent(landscape: Landscape): Optimizer {
  const gradient = landscape.vector();
  const [eta, halfEta] = landscape.scalars(2);
  return {
    setLearningRate(lr) {
      landscape.write(eta, [lr]);
      landscape.write(halfEta, [lr / 2]);
    },
    step(theta, loss) {
      landscape.gradient(theta, gradient, loss);
      landscape.axpy(-1, eta, gradient, theta);
    },
    midpoint(theta, gradientAtTheta, out) {
      landscape.copy(theta, out);
      landscape.axpy(-1, halfEta, gradientAtTheta, out);
    },
  };
}
