/**
 * WebGPU computes the same loss, gradient and Hessian-vector product as the f64 kernels, over random networks and
 * mini-batches; src/engine/landscape/agreement.test.ts does the same for the other engines. To compile the kernels of a
 * shape takes seconds on a software adapter, so a run takes few cases: EDGESCOPE_SWEEP multiplies their number,
 * EDGESCOPE_SWEEP_SEED draws others.
 */
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { beyond, sweepCases, type SweepCase } from '../../src/engine/landscape/sweep.testing';

const FACTOR = Number(process.env.EDGESCOPE_SWEEP ?? 1);
const SEED = Number(process.env.EDGESCOPE_SWEEP_SEED ?? 20_260_302);
const CASES = Math.ceil(12 * FACTOR);
const BUDGET = 500_000;

test(`WebGPU agrees with 64 bits on ${CASES} random cases (seed ${SEED})`, async ({ page }) => {
  test.setTimeout(90_000 + CASES * 15_000);
  await page.goto('agreement.html');
  await page.waitForFunction(() => 'errorsOnGpu' in window);
  const failures: { readonly faults: string[]; readonly given: SweepCase }[] = [];
  const worst = { loss: 0, gradient: 0, product: 0 };
  for (const given of fc.sample(sweepCases(BUDGET), { seed: SEED, numRuns: CASES })) {
    const errors = await page.evaluate((one) => window.errorsOnGpu(one), given);
    const faults = beyond(errors);
    if (faults.length > 0) failures.push({ faults, given });
    for (const key of ['loss', 'gradient', 'product'] as const) worst[key] = Math.max(worst[key], errors[key]);
  }
  const figures = Object.entries(worst).map(([key, error]) => `${key} ${error.toExponential(1)}`);
  process.stdout.write(`WebGPU against f64: worst ${figures.join(', ')}\n`);
  expect(failures).toEqual([]);
});
