/**
 * The same link ends with the same bits of θ in Chromium and in Firefox as in Node, whose hashes are pinned
 * (src/engine/hashes.testing.ts): other compilers of WebAssembly, the same run.
 */
import { expect, test } from '@playwright/test';
import { HASHED_RUNS } from '../../src/engine/hashes.testing';
import { findFirefox, launchFirefox, NO_FIREFOX } from '../firefox';

const PINNED = HASHED_RUNS.map(({ what, hash }) => [what, hash]);

/** In the page: the hashes of all runs. */
async function hashAll(links: readonly string[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const link of links) hashes.push(await window.hashOfRun(link));
  return hashes;
}

const LINKS = HASHED_RUNS.map(({ link }) => link);
const named = (hashes: readonly string[]) => HASHED_RUNS.map(({ what }, i) => [what, hashes[i]]);

test('the pinned runs have the same bits in Chromium', async ({ page }) => {
  await page.goto('hash.html');
  await page.waitForFunction(() => 'hashOfRun' in window);
  expect(named(await page.evaluate(hashAll, LINKS))).toEqual(PINNED);
});

test('the pinned runs have the same bits in Firefox', async ({ baseURL }) => {
  const firefox = findFirefox();
  test.skip(firefox === null, NO_FIREFOX);
  test.setTimeout(120_000);
  const browser = await launchFirefox(firefox ?? '');
  try {
    expect(await browser.version()).toMatch(/firefox/i);
    const page = await browser.newPage();
    await page.goto(`${baseURL}hash.html`);
    await page.waitForFunction(() => 'hashOfRun' in window);
    expect(named(await page.evaluate(hashAll, LINKS))).toEqual(PINNED);
  } finally {
    await browser.close();
  }
});
