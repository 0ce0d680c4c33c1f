/** The optimisers by their identifiers in the catalogue. */
import type { OptimizerId } from '../../experiment/experiment';
import { gradientDescent } from './gd';
import type { OptimizerFactory } from './optimizer';

export const OPTIMIZER_FACTORIES: Readonly<Record<OptimizerId, OptimizerFactory>> = {
  gd: gradientDescent,
  sgd: gradientDescent,
};
