/**
 * Faults put in on purpose while the app runs: a worker that dies is replaced, and the run goes on from its last
 * checkpoint. Those at the start: startup.spec.ts.
 */
import { expect, test } from '@playwright/test';
import { open, waitForStep } from './page';

test('a crashed worker is replaced and the run goes on', async ({ page }) => {
  await page.goto('./#/?pace=60');
  await waitForStep(page, 150);
  const [worker] = page.workers();
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error('a fault put in on purpose');
    });
  });
  const notice = page.getByText(/The worker stopped: .*on purpose.* The run goes on from step \d+/);
  await expect(notice).toBeVisible();
  const from = Number(/from step (\d+)/.exec((await notice.textContent()) ?? '')?.[1]);
  expect(from).toBeGreaterThan(0);
  await waitForStep(page, from + 30);
});

test('a page without WebAssembly SIMD says so in one sentence', async ({ page }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await page.goto('./');
  await expect(page.getByText(/Edgescope needs WebAssembly SIMD/)).toBeVisible();
});

test('a run on WebGPU can be started anew again and again', async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, '#/?engine=webgpu&pace=max&stop=100000');
  await waitForStep(page, 50, 60_000);
  for (let i = 0; i < 10; i++) {
    await page.keyboard.press(i % 2 === 0 ? 'n' : 'r');
    await page.waitForTimeout(150 + 40 * i); // at ever other places of the measurement
  }
  await waitForStep(page, 100, 60_000);
  await expect(page.getByRole('alert')).toHaveCount(0);
});
