/** The link is the experiment: what is copied opens the same run, and no link breaks the page. */
import { expect, test } from '@playwright/test';
import { caption, captionSharpness, open, waitForStep } from './page';

test('a copied link, opened anew, comes to the same numbers', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '#/?lr=0.2&seed=3&net=16-16&stop=240&pace=max&every=5');
  await expect(caption(page)).toContainText('Resting at step 240', { timeout: 40_000 });
  const first = await captionSharpness(page);
  await page.keyboard.press('c');
  await expect(page.getByText('copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('seed=3');
  expect(link).toContain('engine=wasm');

  const other = await context.newPage();
  await other.goto(link);
  await expect(caption(other)).toContainText('Resting at step 240', { timeout: 40_000 });
  expect(await captionSharpness(other)).toBe(first);
});

test('a link to mini-batch SGD opens with its settings and repeats itself', async ({ page, context }) => {
  const link = '#/?opt=sgd&batch=16&sampling=replacement&stop=200&pace=max&every=5';
  await open(page, link);
  await expect(page.getByLabel('Optimiser', { exact: true })).toHaveValue('sgd');
  await expect(page.getByRole('textbox', { name: 'Batch size b' })).toHaveValue('16');
  await expect(page.getByLabel('Batches by')).toHaveValue('replacement');
  await expect(page.getByText('of 200 examples', { exact: true })).toBeVisible();
  await expect(caption(page)).toContainText('Resting at step 200', { timeout: 40_000 });
  const first = await captionSharpness(page);
  expect(first).toBeGreaterThan(1);
  const other = await context.newPage();
  await open(other, link);
  await expect(caption(other)).toContainText('Resting at step 200', { timeout: 40_000 });
  expect(await captionSharpness(other)).toBe(first);
});

test('hostile batches become valid ones with a sentence each', async ({ page }) => {
  await open(page, '#/?opt=sgd&batch=1e99&sampling=__proto__');
  const said = 'A batch of 1e+99 was asked for: these data allow 1 to 200, and all 200 examples are used.';
  await expect(page.locator('.remarks li').filter({ hasText: 'batch' })).toHaveText([/^sampling: /, said]);
  await expect(page.getByText(/sampling: “__proto__” is not known/)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Batch size b' })).toHaveValue('200');
  await waitForStep(page, 1);
  await open(page, '#/?opt=adamw&batch=-3');
  await expect(page.getByText(/opt: “adamw” is not known/)).toBeVisible();
  await waitForStep(page, 1);
});

test('a hostile link becomes a valid experiment with remarks', async ({ page }) => {
  await open(page, '#/?net=99999-0-x&n=1e99&lr=-3&act=%E0%A4%A&__proto__=1&seed=1&seed=2&at=zzz&k=500&pace=9e9');
  await page.getByRole('button', { name: /and \d+ more/ }).click();
  await expect(page.getByText(/is not a list of widths/)).toBeVisible();
  await waitForStep(page, 1);
});

test('a mended link is mended in the address bar, too, while the remark stays', async ({ page }) => {
  await open(page, '#/?lr=0&batch=7&net=9999&seed=4');
  await expect.poll(() => page.url()).toMatch(/#\/\?v=1&net=1024&opt=sgd&lr=0\.000001&batch=7&seed=4$/);
  const remark = page.getByText('lr: 0 was taken as 0.000001.');
  await expect(remark).toBeVisible();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Batch size b' })).toHaveValue('7');
  await expect(remark).toHaveCount(0);
});

test('another link in the same tab starts another run', async ({ page }) => {
  await open(page, '#/?data=chebyshev&lr=0.1&stop=100&pace=max');
  await expect(caption(page)).toContainText('Resting at step 100', { timeout: 30_000 });
  await page.evaluate(() => (location.hash = '#/?data=blobs&loss=ce&stop=50&pace=max'));
  await expect(caption(page)).toContainText('Resting at step 50', { timeout: 30_000 });
});
