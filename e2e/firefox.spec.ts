/**
 * The app in Firefox: it opens, takes the WASM engine where there is no WebGPU, and trains without an error. Firefox is
 * driven over WebDriver BiDi, not by Playwright, so the pages here are Puppeteer's.
 */
import { expect, test } from '@playwright/test';
import { findFirefox, launchFirefox, NO_FIREFOX } from './firefox';

test('the app opens and trains in Firefox', async ({ baseURL }, info) => {
  const firefox = findFirefox();
  test.skip(firefox === null, NO_FIREFOX);
  test.setTimeout(120_000);
  const browser = await launchFirefox(firefox ?? '');
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(`${baseURL}#/?pace=200&stop=400`);
    const text = (selector: string) => page.$eval(selector, (element) => element.textContent ?? '');
    await expect.poll(() => text('.headline'), { timeout: 60_000 }).toContain('Resting at step 400');
    expect(await text('.headline')).toMatch(/^λ₁ mid\si = \d/);
    const webGpu = await page.evaluate(() => 'gpu' in navigator);
    if (!webGpu) expect(await text('.badge')).toContain('WebAssembly');
    await page.screenshot({ path: info.outputPath('firefox.png') });
    expect(errors).toEqual([]);
    expect(await page.$$('[role=alert]')).toHaveLength(0);
  } finally {
    await browser.close();
  }
});
