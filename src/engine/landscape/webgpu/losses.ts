/**
 * WGSL of the losses, for one column of four examples whose outputs f stand in `a` (and ḟ in `adot`): the loss, its
 * gradient δ = ∂L/∂f with the 1/n of the mean, and δ̇ = (∂²L/∂f²) ḟ in closed form. For softmax cross-entropy with
 * target mass m = Σ y: δ = (m p − y)/n and δ̇ = m p ⊙ (ḟ − p · ḟ)/n. `linearise` keeps p in d1 and m p/n in c, at the
 * output rows, which have no activation.
 */
import type { LossId } from '../../../experiment/experiment';
import { EXP, literal } from './activations';
import type { Shape } from './shape';
import { laneStart, type LaneCounts } from './tiles';

/** Stands for a loss that is not a number: far above any loss worth showing, and finite, so that no compiler drops it. */
const DIVERGED = '3.0e38';

function live(shape: Shape): string {
  const padded = shape.columns * 4 !== shape.examples;
  return padded
    ? `let live = vec4u(column * 4u) + vec4u(0u, 1u, 2u, 3u) < vec4u(${shape.examples}u);`
    : 'let live = vec4<bool>(true);';
}

/** Functions that `lossWgsl` calls, besides `notFinite`. */
export function lossFunctions(loss: LossId): string {
  return loss === 'ce' ? EXP : '';
}

/** Statements that fill δ, the loss per example and, where `keep`, p and m p/n. Needs `lane`, `column`, `base`. */
export function lossWgsl(shape: Shape, loss: LossId, keep: boolean, lanes: LaneCounts): string {
  const { columns, outputs } = shape;
  const start = shape.rowStarts[shape.rowStarts.length - 1];
  const share = literal(1 / shape.examples);
  const end = `
  loss = select(loss, vec4f(${DIVERGED}), notFinite(loss));
  losses[lane * ${columns}u + column] = select(vec4f(0.0), loss, live);`;
  const head = `
  ${live(shape)}
  let first = base + ${start}u + column;
  let targetsAt = ${laneStart(lanes.data, outputs * columns)};
  var loss = vec4f(0.0);`;
  const each = (body: string): string => `
  for (var c = 0u; c < ${outputs}u; c++) {
    let at = first + c * ${columns}u;
    ${body}
  }`;
  if (loss === 'mse') {
    return `${head}${each(`let r = a[at] - targets[targetsAt + c * ${columns}u + column];
    loss += 0.5 * r * r;
    delta[at] = select(vec4f(0.0), r * ${share}, live);`)}${end}`;
  }
  return `${head}
  var top = a[first];${each('top = max(top, a[at]);')}
  var sum = vec4f(0.0);
  var mass = vec4f(0.0);${each(`sum += expNegative(a[at] - top);
    mass += targets[targetsAt + c * ${columns}u + column];`)}
  let logSum = log(sum);${each(`let y = targets[targetsAt + c * ${columns}u + column];
    let z = a[at] - top;
    let p = expNegative(z) / sum;
    loss += y * (logSum - z);
    delta[at] = select(vec4f(0.0), (mass * p - y) * ${share}, live);
    ${keep ? `d1[at] = p; c2[at] = select(vec4f(0.0), mass * p * ${share}, live);` : ''}`)}${end}`;
}

/** Statements that fill δ̇ from ḟ. */
export function lossCurvatureWgsl(shape: Shape, loss: LossId): string {
  const { columns, outputs } = shape;
  const start = shape.rowStarts[shape.rowStarts.length - 1];
  const each = (body: string): string => `
  for (var c = 0u; c < ${outputs}u; c++) {
    let at = first + c * ${columns}u;
    ${body}
  }`;
  const head = `
  let first = base + ${start}u + column;
  let keptFirst = keptBase + ${start}u + column;`;
  if (loss === 'mse') {
    return `${head}
  ${live(shape)}${each(`deltadot[at] = select(vec4f(0.0), adot[at] * ${literal(1 / shape.examples)}, live);`)}`;
  }
  return `${head}
  var mean = vec4f(0.0);${each('mean += d1[keptFirst + at - first] * adot[at];')}${each('deltadot[at] = c2[keptFirst + at - first] * (adot[at] - mean);')}`;
}
