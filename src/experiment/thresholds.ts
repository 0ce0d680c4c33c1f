/**
 * The sharpness above which an optimiser is unstable on a quadratic: the line that everything is drawn against.
 * Plain algebra on settings, so that the page can draw the line before the engine has taken the step.
 */
import type { OptimizerId } from './experiment';

export interface StepSettings {
  /** Learning rate η. */
  readonly lr: number;
}

/**
 * Effective threshold in units of curvature. Gradient descent: 2/η (|1 − ηλ| = 1; Cohen et al. 2021). Mini-batch SGD: that
 * of its full batch, the same 2/η, below which the noise of small batches keeps λ₁ (Andreyev & Beneventano 2024).
 */
export function threshold(optimizer: OptimizerId, settings: StepSettings): number {
  switch (optimizer) {
    case 'gd':
    case 'sgd':
      return 2 / settings.lr;
  }
}

/**
 * ηλ above which one step of gradient descent leaves even the catapult regime of a two-layer model and diverges
 * (Lewkowycz et al. 2020: lazy < 2, catapult 2 … 4, divergent > 4).
 */
export const CATAPULT_LIMIT = 4;
