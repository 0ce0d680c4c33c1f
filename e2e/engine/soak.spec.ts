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
/** Steps between two looks at the heap, of which the least counts: what the compiler has under way comes and goes. */
const LOOK = 50;
const LOOKS = 3;
/** A command or a promise left behind at every step would add up to more. */
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
    /** On to this step, and a little further: what there is on the device, and the least of the heap without snapshots. */
    const lookFrom = async (step: number) => {
      let least = Infinity;
      for (let i = 0; i < LOOKS; i++) {
        const to = step + i * LOOK;
        await page.evaluate((at) => window.longRun.go(at), to);
        const kept = await page.evaluate((at) => window.longRun.snapshotBytes(0, at), to);
        least = Math.min(least, (await heap()) - kept);
      }
      return { census: await page.evaluate(() => window.longRun.census()), heap: least };
    };
    const before = await lookFrom(WARM_UP);
    expect(before.census.gpuBytes).toBeGreaterThan(0);
    expect(before.census.made).toBeGreaterThanOrEqual(before.census.buffers);
    const after = await lookFrom(TO);
    expect(after.census).toEqual(before.census);
    expect(after.heap - before.heap).toBeLessThan(SLACK);
  });
}
