/**
 * On WebGPU memory does not grow while a run goes on: once it is warm nothing is made on the device any more, and the
 * page's heap holds nothing new but the snapshots. src/engine/soak.test.ts does the same for WASM, and
 * `npm run bench:soak` for 100 000 steps.
 */
import { expect, test } from '@playwright/test';
import { watchHeap } from './heap';

/** By now every one of the 64 mini-batches on the device has been measured at, and the edge has been found. */
const WARM_UP = 500;
const TO = 1100;
/** 128 bytes a step: less than what a command encoder or a promise left behind would add up to. */
const SLACK = 128 * (TO - WARM_UP);

for (const [what, link] of [
  ['gradient descent', '#/'],
  ['mini-batches', '#/?opt=sgd&batch=32'],
] as const) {
  test(`a warm run makes nothing on the GPU, and the heap is flat (${what})`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.goto('soak.html');
    await page.waitForFunction(() => 'begin' in window);
    const heap = await watchHeap(page);
    await page.evaluate((l) => window.begin(l), link);
    const go = async (step: number) => {
      await page.evaluate((to) => window.longRun.go(to), step);
      return { census: await page.evaluate(() => window.longRun.census()), heap: await heap() };
    };
    const before = await go(WARM_UP);
    expect(before.census.gpuBytes).toBeGreaterThan(0);
    expect(before.census.made).toBeGreaterThanOrEqual(before.census.buffers);
    const after = await go(TO);
    expect(after.census).toEqual({ ...before.census, step: TO });
    const kept = await page.evaluate(([from, to]) => window.longRun.snapshotBytes(from, to), [WARM_UP, TO] as const);
    expect(after.heap - before.heap).toBeLessThan(kept + SLACK);
  });
}
