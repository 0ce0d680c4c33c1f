/** The heap of a page in Chromium, over the DevTools protocol. */
import type { Page } from '@playwright/test';

/** A function that tells the bytes of living objects and of the array buffers they hold. */
export async function watchHeap(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  return async () => {
    await session.send('HeapProfiler.collectGarbage');
    const usage: { readonly usedSize: number; readonly backingStorageSize?: number } =
      await session.send('Runtime.getHeapUsage');
    return usage.usedSize + (usage.backingStorageSize ?? 0);
  };
}
