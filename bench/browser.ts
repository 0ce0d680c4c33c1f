/** The entrants that live in Chromium, each in a page of its own, as seen from Node. */
import type { Browser, Page } from '@playwright/test';
import { errorOf } from '../src/benchmark/harness';
import { entrantOn, type Host } from '../src/benchmark/host';
import type { BrowserEntrantId } from '../src/benchmark/report/subject';
import type { Started } from '../src/benchmark/start';
import { findChromium } from '../e2e/chromium';
import { buildAndServe, launchChromium } from './serve';

export interface BrowserEntrant extends Started {
  /** The most bytes of GPU buffers since the last call, beyond those that were there then. */
  gpuPeak(): Promise<number>;
}

export interface BrowserHost {
  readonly version: string;
  start(id: BrowserEntrantId): Promise<BrowserEntrant>;
  /** False from the moment a page or the whole browser has died. */
  readonly alive: boolean;
  close(): Promise<void>;
}

/** What the page said, without what Playwright puts before and after it. */
function inOneLine(thrown: unknown): never {
  const [first] = errorOf(thrown).message.split('\n');
  if (/has been closed|crashed/.test(first)) throw new Error('Chromium, or its page there, has died');
  throw new Error(first.replace(/^page\.evaluate: (Error: )?/, ''));
}

function hostOn(page: Page): Host {
  return {
    start: (id) => page.evaluate((i) => window.bench.start(i), id).catch(inOneLine),
    prepare: (problem) => page.evaluate((p) => window.bench.prepare(p), problem).catch(inOneLine),
    time: (work, count) => page.evaluate(([w, c]) => window.bench.time(w, c), [work, count] as const).catch(inOneLine),
    release: () => page.evaluate(() => window.bench.release()),
  };
}

/** Chromium; null where there is none. Rejects where it cannot be started. */
export async function openBrowser(): Promise<BrowserHost | null> {
  if (findChromium() === null) return null;
  const site = await buildAndServe('pages');
  let browser: Browser;
  try {
    browser = await launchChromium();
  } catch (thrown) {
    await site.close();
    throw thrown;
  }
  let alive = true;
  browser.on('disconnected', () => (alive = false));
  return {
    version: browser.version(),
    get alive() {
      return alive;
    },
    async start(id) {
      const page = await browser.newPage();
      page.on('crash', () => (alive = false));
      await page.goto(`${site.url}bench/browser/index.html`);
      const host = hostOn(page);
      const gpuPeak = (): Promise<number> => page.evaluate(() => window.bench.gpuPeak());
      return { ...(await host.start(id)), entrant: entrantOn(host, id), gpuPeak };
    },
    async close() {
      await browser.close();
      await site.close();
    },
  };
}
