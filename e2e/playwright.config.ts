/**
 * The browser tests: the production build in real Chromium, with WebGPU on the software adapter. `npm test` builds
 * first. Project `app` meets the app; project `engine` meets the engines on bare pages (vite.config.ts, mode `pages`).
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from './chromium';

const root = join(import.meta.dirname, '..');
const executablePath = findChromium();
if (!executablePath) throw new Error('No Chromium here: `npx tsx e2e/chromium.ts` installs one.');
// Found once: the workers that Playwright starts read this file again.
process.env.EDGESCOPE_CHROMIUM = executablePath;

/** The first of two ports. */
const PORT = Number(process.env.EDGESCOPE_TEST_PORT ?? 4183);
const APP = `http://127.0.0.1:${PORT}/`;
const PAGES = `http://127.0.0.1:${PORT + 1}/`;
const serve = (url: string, outDir: string) => ({
  command: `npx vite preview --host 127.0.0.1 --port ${new URL(url).port} --strictPort --outDir ${outDir}`,
  cwd: root,
  url,
  timeout: 30_000,
});

export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: join(root, 'test-results'),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  retries: 0,
  workers: cpus().length <= 2 ? 1 : 2,
  forbidOnly: !!process.env.CI,
  reporter: [['line'], ['json', { outputFile: join(root, 'build/test/playwright.json') }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, args: [...CHROMIUM_FLAGS] },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'engine', testMatch: 'engine/**/*.spec.ts', use: { baseURL: `${PAGES}e2e/engine/` } },
    { name: 'app', testIgnore: 'engine/**', use: { baseURL: APP } },
  ],
  webServer: [serve(APP, 'dist'), serve(`${PAGES}e2e/engine/`, 'build/pages')],
});
