/** What the specs of the WebGPU engine share: a page with the engine's modules on `window`, and how far figures are off. */
import { expect, test as base } from '@playwright/test';

export const test = base.extend({
  page: async ({ page }, use) => {
    await page.goto('index.html');
    await page.waitForFunction(() => 'edgescope' in window);
    await use(page);
  },
});
export { expect };

/** Largest difference relative to the largest expected entry. */
export function deviation(actual: readonly number[], expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((x, i) => Math.abs(actual[i] - x))) / scale;
}
