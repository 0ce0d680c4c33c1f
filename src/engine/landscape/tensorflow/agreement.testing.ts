/**
 * Test support: how far an engine's loss, gradient and Hessian product are from plain f64 loops, over the ways in which
 * lanes of θ, of directions and of mini-batches can meet. It runs in Node and, called by the browser tests, on a page.
 */
import { LANES, draw, subset, type Case } from '../cases.testing';
import type { Engine } from '../landscape';
import { reference } from '../reference.testing';

/** Largest differences relative to the largest expected entry, or to FLOOR where all are smaller (one class: all are 0). */
export interface Deviations {
  loss: number;
  gradient: number;
  product: number;
}

const FLOOR = 1e-3;

/** Lanes of θ and of v, and whether on all examples, a mini-batch, or one a lane. */
export interface Meeting {
  readonly thetaLanes: number;
  readonly vLanes: number;
  readonly chosen: 'all' | 'one' | 'many';
}

const MEETINGS: readonly Meeting[] = [1, LANES].flatMap((thetaLanes) =>
  [1, LANES].flatMap((vLanes) => (['all', 'one', 'many'] as const).map((chosen) => ({ thetaLanes, vLanes, chosen }))),
);

export async function deviations(
  engine: Engine,
  given: Case,
  meetings: readonly Meeting[] = MEETINGS,
): Promise<Deviations> {
  const { problem, size, thetas, directions, indices } = draw(given);
  const landscape = await engine.landscape(problem);
  const part = (values: Float64Array, lane: number): Float64Array => values.subarray(lane * size, (lane + 1) * size);
  const worst: Deviations = { loss: 0, gradient: 0, product: 0 };
  const compare = (quantity: keyof Deviations, actual: Float64Array, expected: Float64Array): void => {
    const scale = Math.max(FLOOR, ...expected.map(Math.abs));
    expected.forEach((x, i) => {
      const off = Math.abs(actual[i] - x) / scale;
      // Written so that NaN is the worst of all.
      if (!(off <= worst[quantity])) worst[quantity] = off;
    });
  };
  const [one, many] = [landscape.batches(1, given.batch)[0], landscape.batches(1, given.batch, LANES)[0]];
  landscape.choose([one], indices.slice(0, given.batch));
  landscape.choose([many], indices);

  for (const { thetaLanes, vLanes, chosen } of meetings) {
    const batch = { all: undefined, one, many }[chosen];
    const points = Math.max(thetaLanes, batch?.lanes ?? 1);
    const lanes = Math.max(points, vLanes);
    const [theta, v] = [landscape.vector(thetaLanes), landscape.vector(vLanes)];
    const [gradient, product] = [landscape.vector(points), landscape.vector(lanes)];
    const [loss, value] = landscape.scalars(2, points);
    landscape.write(theta, thetas.slice(0, thetaLanes * size));
    landscape.write(v, directions.slice(0, vLanes * size));
    landscape.linearise(theta, batch);
    // What is kept survives other work and a change of θ.
    landscape.gradient(theta, gradient, loss, batch);
    landscape.value(theta, value, batch);
    landscape.copy(v.lanes <= theta.lanes ? v : landscape.vector(), theta);
    landscape.hessianProduct(v, product);
    const [heights, values, slopes, products] = await landscape.read([loss], [value], gradient, product);
    for (let lane = 0; lane < lanes; lane++) {
      const first = batch ? (lane % batch.lanes) * given.batch : 0;
      const expected = reference(
        batch ? subset(problem, indices.subarray(first, first + given.batch)) : problem,
        part(thetas, lane % thetaLanes),
        part(directions, lane % vLanes),
        Math,
      );
      compare('product', part(products, lane), expected.product);
      if (lane >= points) continue;
      const height = Float64Array.of(expected.loss);
      compare('loss', heights.subarray(lane), height);
      compare('loss', values.subarray(lane), height);
      compare('gradient', part(slopes, lane), expected.gradient);
    }
  }
  landscape.dispose();
  return worst;
}
