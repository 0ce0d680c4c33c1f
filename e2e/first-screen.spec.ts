/** The first minute: the default demo starts by itself, climbs to the edge and says so, on either engine. */
import { expect, test } from '@playwright/test';
import { caption, open, poster, step, waitForStep } from './page';

test('the default demo starts by itself, reaches the edge, and loads no TensorFlow.js', async ({ page }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await open(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Edgescope' })).toBeVisible();
  await expect(caption(page)).toContainText(/rising \(progressive sharpening\)/, { timeout: 20_000 });
  await expect(caption(page)).toContainText(/since step 151\b|it reached at step 151\b/, { timeout: 30_000 });
  await expect(page.locator('.badge').first()).toHaveText('WebAssembly · f32');
  // The charts say in words what they draw.
  await expect(page.getByRole('application', { name: /sharpness/i }).first()).toBeVisible();
  expect(requests.filter((url) => /tfjs|tensorflow/i.test(url))).toEqual([]);
  expect(
    requests.filter(
      (url) => !url.startsWith(new URL(page.url()).origin) && !url.startsWith('data:') && !url.startsWith('blob:'),
    ),
  ).toEqual([]);
});

test('the headline says which sharpness it is, and its (i) what that means', async ({ page }) => {
  await open(page, '#/?stop=60&pace=max');
  await expect(caption(page)).toHaveText(/^λ₁ mid\si = [\d.]+ = \d+ % of 2\/η: .+ Resting at step 60\.$/, {
    timeout: 20_000,
  });
  await caption(page).getByRole('button', { name: 'About sharpness at the midpoint' }).press('Enter');
  const card = page.getByRole('dialog', { name: 'sharpness at the midpoint' });
  await expect(card).toContainText('half-way between one step and the next');
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
});

test('the (i) keeps its card and its focus while the headline has no sharpness to speak of', async ({ page }) => {
  await open(page, '#/?lr=0.1&at=120:lr=2&pace=20');
  const info = caption(page).getByRole('button', { name: 'About sharpness at the midpoint' });
  await info.press('Enter');
  const card = page.getByRole('dialog', { name: 'sharpness at the midpoint' });
  await expect(card).toBeVisible();
  await expect(caption(page)).toContainText('Diverged at step', { timeout: 30_000 });
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
  await expect(info).toBeFocused();
});

test('the same demo runs on WebGPU when the link asks for it', async ({ page }) => {
  await open(page, '#/?engine=webgpu&stop=300&pace=max');
  await expect(page.locator('.badge').first()).toHaveText(/\(WebGPU.*\) · f32$/, { timeout: 45_000 });
  await waitForStep(page, 300, 45_000);
  await expect(caption(page)).toContainText('Resting at step 300');
  const marker = page.getByRole('list', { name: 'Markers' }).getByText(/^edge reached at step \d+, λ₁ = 20\.\d/);
  const edge = Number(/\d+/.exec((await marker.textContent()) ?? '')?.[0]);
  // Sums in another order than WASM's: the same run but for rounding.
  expect(Math.abs(edge - 151)).toBeLessThanOrEqual(3);
});

test('where only a software adapter is there, the page says why it runs on WebAssembly', async ({ page }) => {
  await open(page, '#/?play=0');
  await page.locator('button.badge').first().click();
  const card = page.getByRole('dialog', { name: 'Engine' });
  await expect(card).toContainText(/software|no WebGPU/i);
  await expect(card).toContainText('Same link, same bits');
});

test('play=0 waits on a poster until Space is pressed', async ({ page }) => {
  await open(page, '#/?play=0');
  await expect(poster(page)).toBeVisible();
  expect(await step(page)).toBe(0);
  await page.keyboard.press('Space');
  await expect(poster(page)).toBeHidden();
  await waitForStep(page, 10);
});
