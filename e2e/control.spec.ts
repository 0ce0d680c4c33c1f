/** Steering a run: pause, one step, start again, another η under way and back, divergence and back. */
import { expect, test } from '@playwright/test';
import { button, caption, captionSharpness, open, poster, step, waitForStep } from './page';

test('pause holds the step, S takes one, R starts again', async ({ page }) => {
  await open(page);
  await waitForStep(page, 20);
  await page.keyboard.press('Space');
  await expect(button(page, 'Play')).toBeVisible();
  await page.waitForTimeout(500); // what was on its way arrives
  const held = await step(page);
  await page.waitForTimeout(500);
  expect(await step(page)).toBe(held);
  await page.keyboard.press('s');
  await expect.poll(() => step(page)).toBe(held + 1);
  await page.keyboard.press('r');
  await expect.poll(() => step(page), { timeout: 5000 }).toBeLessThan(held);
});

test('full speed rests at the last step', async ({ page }) => {
  await open(page, '#/?stop=2000&play=0');
  await expect(poster(page)).toBeVisible();
  await page.keyboard.press('f');
  await page.keyboard.press('Space');
  await expect(caption(page)).toContainText('Resting at step 2000', { timeout: 40_000 });
});

test('η changed under way is confirmed, marked and recorded in the link, and Z goes back', async ({ page }) => {
  await open(page);
  await waitForStep(page, 60);
  const box = page.getByRole('textbox', { name: 'Learning rate η' });
  await box.fill('0.05');
  await box.press('Enter');
  await expect(page.locator('output.threshold').first()).toContainText('2/η = 40');
  await expect.poll(() => page.url()).toMatch(/at=\d+:lr=0\.05/);
  const at = Number(/at=(\d+):lr=0\.05/.exec(page.url())?.[1]);
  expect(at).toBeGreaterThanOrEqual(60);
  await waitForStep(page, at + 5);
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('z');
  await expect.poll(() => step(page)).toBe(at);
  await expect(page.locator('output.threshold').first()).toContainText('2/η = 20');
  await expect.poll(() => page.url()).not.toMatch(/at=/);
});

test('a divergence is said, leaves the last good state, and Z goes back to it', async ({ page }) => {
  await open(page, '#/?lr=0.1&at=120:lr=2&pace=200');
  await expect(caption(page)).toContainText(/Diverged at step \d+: η = 2 was too large/, { timeout: 30_000 });
  await expect(button(page, 'Play')).toBeVisible();
  await page.keyboard.press('z');
  await expect.poll(() => step(page)).toBe(120);
  await expect(page.locator('output.threshold').first()).toContainText('2/η = 20');
  await expect.poll(() => captionSharpness(page)).toBeGreaterThan(10);
  await page.keyboard.press('Space');
  await waitForStep(page, 140);
});

test('mini-batch SGD is chosen in the rail, with its batch by slider and box', async ({ page }) => {
  await open(page, '#/?pace=200');
  await waitForStep(page, 20);
  await page.getByLabel('Optimiser', { exact: true }).selectOption('mini-batch SGD');
  await expect.poll(() => page.url()).toMatch(/opt=sgd/);
  const slider = page.getByRole('slider', { name: 'Batch size' });
  await expect(slider).toHaveAttribute('aria-valuetext', '32 of 200 examples');
  await slider.press('ArrowLeft');
  await expect.poll(() => page.url()).toMatch(/opt=sgd&batch=16/);
  await page.getByLabel('Batches by').selectOption('with replacement');
  await expect.poll(() => page.url()).toMatch(/batch=16&sampling=replacement/);
  await waitForStep(page, 30);
  await expect(caption(page)).toContainText(/% of the full-batch 2\/η/);

  const box = page.getByRole('textbox', { name: 'Batch size b' });
  await box.fill('900');
  await box.press('Enter');
  await expect(page.getByText('Batch size must be a whole number from 1 to 200, or empty.')).toBeInViewport({
    ratio: 1,
  });
  expect(page.url()).toMatch(/batch=16/);
  await box.fill('7');
  await box.press('Enter');
  await expect(slider).toHaveAttribute('aria-valuetext', '7 of 200 examples');
  await expect(page.getByText('of 200 examples', { exact: true })).toBeVisible();
  await expect(page.getByText('of 200 examples, ≈ 28.6 steps an epoch')).toHaveCount(0); // drawn with replacement
  await box.fill('200');
  await box.press('Enter');
  await expect(slider).toHaveAttribute('aria-valuetext', 'all 200 examples');
  await page.getByLabel('Batches by').selectOption('shuffled epochs');
  await expect(page.getByText('all examples: gradient descent')).toBeVisible();

  await box.fill('7');
  await box.press('Enter');
  await expect(page.getByText('of 200 examples, ≈ 28.6 steps an epoch')).toBeVisible();
  await page.getByLabel('Optimiser', { exact: true }).selectOption('gradient descent');
  await expect.poll(() => page.url()).not.toMatch(/opt=|batch=|sampling=/);
  await expect(slider).toBeHidden();
  await waitForStep(page, 5);
  await page.getByLabel('Optimiser', { exact: true }).selectOption('mini-batch SGD');
  await expect(box).toHaveValue('7');
});

test('a batch that nobody chose is a quarter of few examples, in the rail as by a link', async ({ page }) => {
  await open(page, '#/?data=chebyshev&pace=200');
  await page.getByLabel('Optimiser', { exact: true }).selectOption('mini-batch SGD');
  const slider = page.getByRole('slider', { name: 'Batch size' });
  const box = page.getByRole('textbox', { name: 'Batch size b' });
  await expect(slider).toHaveAttribute('aria-valuetext', '5 of 20 examples');
  await expect(box).toHaveValue('');
  await expect(box).toHaveAttribute('placeholder', '5');
  await expect(page.getByText('of 20 examples, 4 steps an epoch')).toBeVisible();
  expect(page.url()).not.toMatch(/batch=/);
  await box.fill('20');
  await box.press('Enter');
  await expect(page.getByText('all examples: gradient descent')).toBeVisible();
  await expect.poll(() => page.url()).toMatch(/batch=20/);
  await box.fill('');
  await box.press('Enter');
  await expect(slider).toHaveAttribute('aria-valuetext', '5 of 20 examples');
});

test('settings that apply live do not start the run anew', async ({ page }) => {
  await open(page, '#/?pace=10');
  await waitForStep(page, 10);
  await page.keyboard.press('Space');
  await expect(button(page, 'Play')).toBeVisible();
  await page.waitForTimeout(500); // what was on its way arrives
  const held = await step(page);
  expect(held).toBeLessThan(60);
  const last = page.getByLabel('Rest at step');
  await last.fill('60');
  await last.press('Enter');
  await page.waitForTimeout(500);
  expect(await step(page)).toBe(held);
  await button(page, 'Play').click();
  await expect(caption(page)).toContainText('Resting at step 60.', { timeout: 20_000 });
  expect(await step(page)).toBe(60);
});
