/**
 * `npm run bench:page`: the production build's first screen as a visitor meets it. Reports, and never asserts: time to
 * the first curve, long tasks and frames while it runs, the time from a click to the next paint, what is loaded, and how
 * long the chart takes to draw a million samples. Writes bench/page.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { environment } from './environment';
import { quantile } from '../src/benchmark/harness';
import { buildAndServe, launchChromium } from './serve';

/** Set by the app when the first stability curve has been painted. */
const FIRST_CURVE = 'edgescope:first-curve';
const VISITS = 5;
const RUN_MS = 15_000;
const CLICKS = 10;
const SAMPLES = 1_000_000;
const DRAWINGS = 12;
const PATIENCE_MS = 20_000;
/** A word that no build of TensorFlow.js can lose: one of its flags. */
const TENSORFLOW = 'TENSORLIKE_CHECK_SHAPE_CONSISTENCY';

const PROBE = join(import.meta.dirname, 'browser/probe.js');
const dist = join(import.meta.dirname, '..', 'dist');
const round = (ms: number): number => Math.round(10 * ms) / 10;
const median = (values: readonly number[]): number => quantile(values, 0.5);

/** What browser/probe.js notes, all in milliseconds. */
interface Probe {
  readonly frames: number[];
  readonly longTasks: number[];
  readonly clicks: number[];
}
declare global {
  interface Window {
    probe: Probe;
  }
}

async function visit(browser: Browser, url: string): Promise<{ page: Page; firstCurve: number; requests: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.addInitScript({ path: PROBE });
  await page.goto(url);
  const mark = await page.waitForFunction((name) => performance.getEntriesByName(name)[0]?.startTime, FIRST_CURVE, {
    timeout: PATIENCE_MS,
  });
  const firstCurve = await mark.evaluate((startTime) => startTime ?? NaN);
  return { page, firstCurve, requests };
}

/** Frames, long tasks and clicks while the default demo runs. */
async function run(page: Page): Promise<{ framesPerSecond: number; longestFrame: number; longTasks: number[] }> {
  await page.evaluate(() => {
    window.probe.frames.length = 0;
    window.probe.longTasks.length = 0;
  });
  await page.waitForTimeout(RUN_MS);
  const { frames, longTasks } = await page.evaluate(() => window.probe);
  const gaps = frames.slice(1).map((time, i) => time - frames[i]);
  const span = frames[frames.length - 1] - frames[0];
  return { framesPerSecond: round((1000 * gaps.length) / span), longestFrame: round(Math.max(...gaps)), longTasks };
}

async function clicks(page: Page): Promise<number[]> {
  for (let i = 0; i < CLICKS; i++) {
    await page
      .getByRole('button', { name: /^(pause|play)/i })
      .first()
      .click();
    await page.waitForTimeout(200);
  }
  return (await page.evaluate(() => window.probe.clicks)).map(round);
}

/** What was loaded, by kind, in bytes after gzip; read from the build itself. */
function loaded(requests: readonly string[]): { gzip: Record<string, number>; tensorflow: string[] } {
  const gzip: Record<string, number> = { js: 0, css: 0, wasm: 0 };
  const tensorflow: string[] = [];
  for (const path of new Set(requests.map((request) => new URL(request).pathname))) {
    const kind = path.slice(path.lastIndexOf('.') + 1);
    if (!(kind in gzip)) continue;
    const bytes = readFileSync(join(dist, path));
    gzip[kind] += gzipSync(bytes).length;
    if (/tfjs|tensorflow/i.test(path) || bytes.includes(TENSORFLOW)) tensorflow.push(path);
  }
  return { gzip, tensorflow };
}

/** The chart over steps on its bare page: the first drawing, and the later ones. */
async function plot(browser: Browser): Promise<{ samples: number; first: number; median: number; largest: number }> {
  const pages = await buildAndServe('pages');
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${pages.url}bench/browser/plot.html`);
    const drawn = await page.evaluate(([n, count]) => window.drawPlot(n, count), [SAMPLES, DRAWINGS] as const);
    await page.close();
    const [first, ...later] = drawn;
    return { samples: SAMPLES, first: round(first), median: round(median(later)), largest: round(Math.max(...later)) };
  } finally {
    await pages.close();
  }
}

const site = await buildAndServe('production');
const browser = await launchChromium();
try {
  const firstCurves: number[] = [];
  for (let i = 1; i < VISITS; i++) {
    const { page, firstCurve } = await visit(browser, site.url);
    firstCurves.push(firstCurve);
    await page.close();
  }
  const { page, firstCurve, requests } = await visit(browser, site.url);
  firstCurves.push(firstCurve);
  const running = await run(page);
  const clickToPaint = await clicks(page);
  await page.close();
  const report = {
    environment: { ...environment(), chromium: browser.version() },
    firstCurveMs: { median: round(median(firstCurves)), all: firstCurves.map(round) },
    running: { ...running, seconds: RUN_MS / 1000, longTasks: running.longTasks.map(round) },
    clickToPaintMs: { median: median(clickToPaint), largest: Math.max(...clickToPaint), all: clickToPaint },
    loaded: loaded(requests),
    plotMs: await plot(browser),
  };
  writeFileSync(join(import.meta.dirname, 'page.json'), `${JSON.stringify(report, null, 2)}\n`);
  const { gzip, tensorflow } = report.loaded;
  const { plotMs } = report;
  process.stdout.write(
    [
      `first curve        ${report.firstCurveMs.median} ms after navigation (median of ${VISITS})`,
      `frames             ${running.framesPerSecond} a second, longest gap ${running.longestFrame} ms`,
      `tasks over 50 ms   ${running.longTasks.length} in ${RUN_MS / 1000} s of running`,
      `click to paint     ${report.clickToPaintMs.median} ms (median), ${report.clickToPaintMs.largest} ms (largest)`,
      `loaded             ${gzip.js} bytes of JavaScript, ${gzip.wasm} of kernels, ${gzip.css} of CSS (gzip)`,
      `TensorFlow.js      ${tensorflow.length === 0 ? 'not loaded' : `loaded: ${tensorflow.join(', ')}`}`,
      `drawing ${SAMPLES / 1e6} M samples ${plotMs.median} ms (median), ${plotMs.first} ms the first time`,
      'Written to bench/page.json',
      '',
    ].join('\n'),
  );
} finally {
  await browser.close();
  await site.close();
}
