/**
 * WGSL that ends long sums: partial sums of gradients over chunks of examples, and the mean of the losses.
 */
import { reads, writes, type Kernel } from './kernel';
import type { Shape } from './shape';
import type { DenseKernel } from './tiles';

/** Columns of four examples that one thread sums over at most: more would lose digits in f32. */
export const MOST_SUMMED_COLUMNS = 512;
/** Threads of a workgroup that adds up chunks. */
export const REDUCE_GROUP = 64;

/** Adds up chunks in order. Bindings: partial, out and, for a gradient, loss. */
export function reduceKernel(shape: Shape, twin: boolean, chunks: number, partialSize: number): Kernel {
  const { parameters, stride } = shape;
  const bindings = [reads('partial', 'f32'), writes('out', 'f32')];
  if (!twin) bindings.push(writes('loss', 'f32'));
  return {
    label: 'add up chunks',
    bindings,
    workgroup: [REDUCE_GROUP, 1],
    code: `
fn run(id: vec3u, local: vec3u) {
  let i = id.x * ${REDUCE_GROUP}u + local.x;
  let lane = id.z;
  if (i > ${parameters}u) { return; }
  var sum = 0.0;
  for (var c = 0u; c < ${chunks}u; c++) { sum += partial[(lane * ${chunks}u + c) * ${partialSize / chunks}u + i]; }
  if (i < ${parameters}u) { out[lane * ${stride}u + i] = sum; }${twin ? '' : ' else { loss[lane] = sum; }'}
}`,
  };
}

/** loss ← mean over examples of the per-example losses, one thread a lane. Bindings: losses, loss. */
export function lossSumKernel(shape: Shape): DenseKernel {
  return {
    label: 'mean loss',
    size: [1, 1],
    flops: 4 * shape.columns,
    bindings: [reads('losses'), writes('loss', 'f32')],
    workgroup: [1, 1],
    code: `
fn run(id: vec3u, local: vec3u) {
  var total = 0.0;
  for (var begin = 0u; begin < ${shape.columns}u; begin += ${MOST_SUMMED_COLUMNS}u) {
    var sum = vec4f(0.0);
    for (var e = begin; e < min(begin + ${MOST_SUMMED_COLUMNS}u, ${shape.columns}u); e++) { sum += losses[id.z * ${shape.columns}u + e]; }
    total += dot(sum, vec4f(1.0));
  }
  loss[id.z] = total / ${shape.examples}.0;
}`,
  };
}
