/**
 * WebGPU computes the same loss, gradient and Hessian-vector product as the f64 kernels, over random networks and
 * mini-batches; src/engine/landscape/agreement.test.ts does the same for the other engines. To compile the kernels of a
 * shape takes seconds on a software adapter, so a run takes few cases: EDGESCOPE_SWEEP multiplies their number,
 * EDGESCOPE_SWEEP_SEED draws others.
 */
import { expect, test } from '@playwright/test';
import { gaps, sweepCases, type SweepCase } from '../../src/engine/landscape/sweep-cases.testing';
import { sweep } from '../../src/engine/landscape/sweep.testing';

const FACTOR = Number(process.env.EDGESCOPE_SWEEP ?? 1);
const SEED = Number(process.env.EDGESCOPE_SWEEP_SEED ?? 20_260_302);
const CASES = sweepCases(Math.ceil(12 * FACTOR), 1_000_000, SEED);

test('the cases show every activation, loss, depth and lane count, a third on mini-batches proper', () => {
  expect(gaps(CASES)).toEqual([]);
});

test(`WebGPU agrees with 64 bits on ${CASES.length} random cases (seed ${SEED})`, async ({ page }) => {
  test.setTimeout(90_000 + CASES.length * 15_000);
  await page.goto('agreement.html');
  await page.waitForFunction(() => 'errorsOnGpu' in window);
  const errorsAt = (given: SweepCase) => page.evaluate((one) => window.errorsOnGpu(one), given);
  expect(await sweep('WebGPU against f64', CASES, errorsAt)).toEqual([]);
});
