/** How it looks and how it can be used by everyone: both themes, phone and projector, axe, no sideways scroll. */
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { caption, open, spill, violations, waitForStep } from './page';

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the ${theme} theme, on the desktop and on the phone`, async ({ page }) => {
    await open(page, `#/?theme=${theme}&stop=60&pace=max`);
    await expect(caption(page)).toContainText('Resting', { timeout: 30_000 });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(300);
    expect(await violations(page)).toEqual([]);
  });
}

for (const [width, height] of [
  [1440, 900],
  [1920, 1080],
  [1024, 768],
  [390, 844],
]) {
  test(`nothing spills sideways at ${width}×${height}, presenting or not`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, '#/?stop=60&pace=max');
    await waitForStep(page, 60);
    expect(await spill(page)).toBeLessThanOrEqual(0);
    await page.keyboard.press('p');
    await page.waitForTimeout(200);
    expect(await spill(page)).toBeLessThanOrEqual(0);
  });
}

/** As long as the headline becomes, and as short. */
const LONGEST = [
  ' = 17.3 = 87 % of the full-batch 2/η: below the edge of the full batch, which it has reached before. Resting at step 5000.',
  ' = 1230 = 6150 % of the full-batch 2/η: beyond the edge, where a quadratic would diverge. Resting at step 5000.',
];
const SHORTEST = ' = 5.4 = 27 % of 2/η: stable, below the edge.';

for (const [width, height] of [
  [320, 568],
  [390, 844],
  [740, 360],
  [1024, 768],
]) {
  test(`the headline may grow at ${width}×${height}: it is whole, and nothing under it moves`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page, '#/?stop=60&pace=max');
    await expect(caption(page)).toContainText('Resting', { timeout: 30_000 });
    const chartsAfter = (sentence: string): Promise<{ top: number; bottom: number }> =>
      page.evaluate((words) => {
        const last = document.querySelector('.headline')?.lastElementChild;
        if (last) last.textContent = words;
        const { top, bottom } = document.querySelector('.cell-stability')?.getBoundingClientRect() ?? {};
        return { top: top ?? NaN, bottom: bottom ?? NaN };
      }, sentence);
    const before = await chartsAfter(SHORTEST);
    for (const sentence of LONGEST) {
      expect(await chartsAfter(sentence)).toEqual(before);
      expect(await caption(page).evaluate((line) => line.scrollHeight - line.clientHeight)).toBeLessThanOrEqual(1);
    }
    if (width === 1024) return; // a desktop has no bar over the charts
    const bar = await page.locator('.phone-bar').boundingBox();
    expect(before.bottom).toBeLessThanOrEqual(bar?.y ?? NaN);
  });
}

for (const theme of ['light', 'dark'] as const) {
  test(`the sheet of a phone keeps its margins, and axe finds nothing in it (${theme})`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, `#/?theme=${theme}&opt=sgd&batch=7&stop=60&pace=max`);
    await expect(caption(page)).toContainText('Resting', { timeout: 30_000 });
    await page.getByRole('button', { name: 'Controls' }).click();
    const sheet = page.getByRole('dialog', { name: 'Controls' });
    await expect(sheet).toBeVisible();
    const reach = await sheet.evaluate((element) => {
      const parts = [...element.querySelectorAll('.dialog-body > :not(header), .field, .badge')];
      return Math.max(...parts.map((part) => part.getBoundingClientRect().right));
    });
    expect(reach).toBeLessThanOrEqual(390 - 16);
    expect(await violations(page)).toEqual([]);
  });
}

/** In how many of a hundred columns of the stability chart something is drawn in a colour of the theme. */
function columnsIn(page: Page, colour: string): Promise<number> {
  return page.evaluate((name) => {
    const host = document.querySelector('.cell-stability .plot-host');
    if (!host) return 0;
    const hex = getComputedStyle(host).getPropertyValue(name).trim();
    const wanted = [1, 3, 5].map((from) => parseInt(hex.slice(from, from + 2), 16));
    const columns = new Set<number>();
    for (const canvas of host.querySelectorAll('canvas')) {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, width, height) ?? { data: [] };
      for (let i = 0; i < data.length; i += 4) {
        const near = wanted.every((part, c) => Math.abs(data[i + c] - part) <= 8);
        if (near && data[i + 3] > 200) columns.add(Math.floor((100 * ((i / 4) % width)) / width));
      }
    }
    return columns.size;
  }, colour);
}

/** With EDGESCOPE_PICTURE=1 it is taken anew. */
test('the picture of the README', async ({ page }) => {
  await open(page, '#/?theme=light&pace=max&every=1&stop=700');
  await expect(caption(page)).toContainText('Resting at step 700', { timeout: 50_000 });
  await page.waitForTimeout(500);
  // From one end to the other, 2/η and the sharpness at the midpoint; λ₁ itself lies mostly behind it.
  expect(await columnsIn(page, '--threshold')).toBeGreaterThan(90);
  expect(await columnsIn(page, '--midpoint')).toBeGreaterThan(90);
  expect(await columnsIn(page, '--lambda-1')).toBeGreaterThan(0);
  if (process.env.EDGESCOPE_PICTURE === '1') await page.screenshot({ path: join('docs', 'screenshot.png') });
});
