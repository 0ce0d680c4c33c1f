/** The entrants that live in Chromium, as seen from Node: each call goes to bench/browser/page.ts and back. */
import type { Browser, Page } from '@playwright/test';
import type { Entrant } from '../src/benchmark/entrant';
import type { Work } from '../src/benchmark/report/subject';
import type { BrowserEntrantId, Started } from '../src/benchmark/start';
import { findChromium } from '../e2e/chromium';
import { buildAndServe, launchChromium } from './serve';

export interface BrowserHost {
  readonly version: string;
  start(id: BrowserEntrantId): Promise<Started>;
  /** The most bytes of GPU buffers since the last call, beyond those that were there then. */
  gpuPeak(): Promise<number>;
  close(): Promise<void>;
}

function entrantOn(page: Page, id: BrowserEntrantId): Entrant {
  return {
    id,
    async prepare(size) {
      const { works, product } = await page.evaluate(([i, p]) => window.bench.prepare(i, p), [id, size.id] as const);
      const notes = new Map<Work, string | null>();
      return {
        works,
        async time(work, count) {
          const { ms, note } = await page.evaluate(([i, w, c]) => window.bench.time(i, w, c), [
            id,
            work,
            count,
          ] as const);
          notes.set(work, note);
          return ms;
        },
        product: () => Promise.resolve(product),
        note: (work) => notes.get(work) ?? null,
        dispose: () => void page.evaluate((i) => window.bench.release(i), id),
      };
    },
  };
}

/** Chromium with the benchmark's page open; null where there is no Chromium. Rejects where it cannot be started. */
export async function openBrowser(): Promise<BrowserHost | null> {
  if (findChromium() === null) return null;
  const site = await buildAndServe('pages');
  let browser: Browser | null = null;
  const close = async (): Promise<void> => {
    await browser?.close();
    await site.close();
  };
  try {
    browser = await launchChromium();
    const page = await browser.newPage();
    await page.goto(`${site.url}bench/browser/index.html`);
    return {
      version: browser.version(),
      async start(id) {
        return { ...(await page.evaluate((i) => window.bench.start(i), id)), entrant: entrantOn(page, id) };
      },
      gpuPeak: () => page.evaluate(() => window.bench.gpuPeak()),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
