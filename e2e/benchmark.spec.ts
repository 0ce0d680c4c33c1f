/** The Benchmark page: hidden until its link is opened, measures in a worker, can be stopped and copied, and goes back. */
import { expect, test, type Page } from '@playwright/test';
import { button, open, poster, spill, violations } from './page';

const PATIENCE_MS = 50_000;

/** Leaves but these choices on. */
async function only(page: Page, names: readonly string[]): Promise<void> {
  for (const box of await page.getByRole('checkbox').all()) {
    const name = (await box.locator('xpath=..').textContent()) ?? '';
    await box.setChecked(names.some((wanted) => name.startsWith(wanted)));
  }
}

/** The rates in the row of a work, column by column; NaN where there is none. */
async function rates(page: Page, work: string): Promise<number[]> {
  const cells = await page
    .getByRole('row', { name: new RegExp(`^${work}\\b`) })
    .first()
    .getByRole('cell')
    .allTextContents();
  return cells.map((cell) => (cell === '' ? NaN : Number(cell)));
}

test('measures the engines, shows and copies the figures, and stays answerable', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '#/benchmark');
  await expect(page.getByRole('heading', { level: 1, name: 'Benchmark' })).toBeVisible();
  await expect(button(page, 'Copy as text')).toBeDisabled();
  await only(page, ['tiny', 'WASM', 'WebGPU', 'Quickly']);
  await button(page, 'Start').click();
  // While the worker computes, the page still paints.
  await expect(button(page, 'Stop')).toBeVisible();
  const frames = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let count = 0;
        const end = performance.now() + 1000;
        const frame = (): void => {
          count++;
          if (performance.now() < end) requestAnimationFrame(frame);
          else resolve(count);
        };
        requestAnimationFrame(frame);
      }),
  );
  expect(frames).toBeGreaterThan(5);
  await expect(page.getByText('Done.')).toBeVisible({ timeout: PATIENCE_MS });
  for (const work of ['gradient descent step', 'Hessian-vector product', 'sharpness by 20 Lanczos steps']) {
    const [wasm, webgpu] = await rates(page, work);
    expect(wasm).toBeGreaterThan(0);
    expect(webgpu).toBeGreaterThan(0);
  }
  expect((await rates(page, 'cost of a product, in gradients')).every((cost) => cost > 0)).toBe(true);
  await button(page, 'Copy as text').click();
  await expect(page.getByText('copied')).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  const [wasm, webgpu] = await rates(page, 'gradient descent step');
  expect(text).toMatch(new RegExp(`^gradient descent step +${wasm} +${webgpu}$`, 'm'));
  expect(text).toMatch(/^WebGPU: .*software.*; ready after \d+ ms$/m);
  expect(text).toMatch(/^tiny\.wasm\.hvp\/gradient +[\d.]+$/m);
  expect(text).toMatch(/^Edgescope: \d+\.\d+\.\d+$/m);
  expect(text).toMatch(/^User agent: Mozilla\/5\.0 .*Chrome\/[\d.]+/m);
  expect(text).toContain(`\nPage: ${page.url()}\n`);
});

test('the figures of the run before stay until there is a new one, and keep saying how they came about', async ({
  page,
}) => {
  const below = 'The figures below are those of the run before.';
  await open(page, '#/benchmark');
  await only(page, ['tiny', 'WASM', 'Quickly']);
  await button(page, 'Start').click();
  await expect(page.getByText('Done.')).toBeVisible({ timeout: PATIENCE_MS });
  const [first] = await rates(page, 'gradient descent step');
  await only(page, ['medium', 'WASM']);
  const quickly = page.getByRole('definition').filter({ hasText: 'quickly, so less exactly' });
  await expect(quickly).toBeVisible();
  await button(page, 'Start').click();
  await expect(page.getByText(below)).toBeVisible();
  // Outside the status, which would say it again at every step of the run.
  await expect(page.getByRole('status').filter({ hasText: 'Now: ' })).not.toContainText(below);
  expect(await rates(page, 'gradient descent step')).toEqual([first]);
  await button(page, 'Stop').click();
  await expect(page.getByText('Stopped before there was a figure.')).toBeVisible();
  await expect(page.getByText(below)).toBeVisible();
  expect(await rates(page, 'gradient descent step')).toEqual([first]);
  await expect(quickly).toBeVisible();
  await only(page, ['small', 'WASM', 'Quickly']);
  await button(page, 'Start').click();
  await expect(page.getByText('Done.')).toBeVisible({ timeout: PATIENCE_MS });
  await expect(page.getByRole('heading', { name: /^small/ })).toBeVisible();
  await expect(page.getByRole('heading', { name: /^tiny/ })).toHaveCount(0);
  await expect(page.getByText(below)).toHaveCount(0);
});

test('a run in which nobody can take part says so and why, above the figures of the run before', async ({ page }) => {
  await page.route(/\/jax-[^/]*\.js/, (route) => route.abort());
  await open(page, '#/benchmark');
  await only(page, ['tiny', 'WASM', 'Quickly']);
  await button(page, 'Start').click();
  await expect(page.getByText('Done.')).toBeVisible({ timeout: PATIENCE_MS });
  const [first] = await rates(page, 'gradient descent step');
  await only(page, ['tiny', 'jax-js', 'Quickly']);
  await button(page, 'Start').click();
  await expect(page.getByText('Done without a figure: nobody could take part.')).toBeVisible({ timeout: PATIENCE_MS });
  await expect(page.getByRole('region', { name: 'The latest run' })).toContainText(/jax-js\s*takes no part: .*fetch/);
  await expect(page.getByText('The figures below are those of the run before.')).toBeVisible();
  expect(await rates(page, 'gradient descent step')).toEqual([first]);
});

test('times jax-js beside the engine, and says by how much they differ', async ({ page }) => {
  await open(page, '#/benchmark');
  await only(page, ['tiny', 'WASM', 'jax-js', 'Quickly']);
  await button(page, 'Start').click();
  await expect(page.getByText('Done.')).toBeVisible({ timeout: PATIENCE_MS });
  const [wasm, jax] = await rates(page, 'gradient descent step');
  const [ratio] = await rates(page, 'gradient descent step: times as fast as jax-js');
  // Both are shown to three digits.
  expect(ratio / (wasm / jax)).toBeCloseTo(1, 1);
  await expect(
    page.getByText(/jax-js: \w+, waiting after every .*repetitions?, was its fastest way/).first(),
  ).toBeVisible();
});

test('who cannot take part says why, and costs the others nothing', async ({ page }) => {
  await page.route(/\/jax-[^/]*\.js/, (route) => route.abort());
  await open(page, '#/benchmark');
  await only(page, ['tiny', 'WASM', 'jax-js', 'Quickly']);
  await button(page, 'Start').click();
  await expect(page.getByText(/takes no part: .*fetch/)).toBeVisible();
  await expect(page.getByText('Done.')).toBeVisible({ timeout: PATIENCE_MS });
  expect((await rates(page, 'gradient'))[0]).toBeGreaterThan(0);
});

test('what ends the whole of it is said, and it can be started again', async ({ page }) => {
  await page.route(/\.wasm/, (route) => route.fulfill({ status: 503 }));
  await open(page, '#/benchmark');
  await only(page, ['tiny', 'WASM', 'Quickly']);
  await button(page, 'Start').click();
  await expect(page.getByText(/It failed: The engine could not be fetched \(HTTP 503\)/)).toBeVisible();
  await page.unrouteAll();
  await button(page, 'Start').click();
  await expect(page.getByText(/Now: tiny: \w/)).toBeVisible();
});

test('Stop ends it at once and keeps what was measured; Esc and Back lead to the experiment', async ({ page }) => {
  await open(page, '#/?data=chebyshev&play=0&theme=dark');
  await expect(poster(page)).toBeVisible();
  await page.keyboard.press('?');
  await page.getByRole('link', { name: 'benchmark' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Benchmark' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await only(page, ['medium', 'WASM', 'WebGPU']);
  await button(page, 'Start').click();
  await expect(page.getByText(/Now: medium: \w/)).toBeVisible({ timeout: PATIENCE_MS });
  await button(page, 'Stop').click();
  await expect(page.getByText('Stopped before there was a figure.')).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: /WebGPU, software/ })).toBeVisible();
  await expect(button(page, 'Start')).toBeFocused();
  await expect(page.getByRole('link', { name: 'Back to the experiment' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { level: 1, name: 'Edgescope' })).toBeVisible();
  await expect(page).toHaveURL(/data=chebyshev/);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: 'Benchmark' })).toBeVisible();
});

test('Escape stops what runs, keeps its figures, and leaves only then', async ({ page }) => {
  await open(page, '#/benchmark');
  await only(page, ['tiny', 'WASM']);
  await button(page, 'Start').click();
  await expect(page.getByRole('row', { name: /^gradient descent step/ })).toBeVisible({ timeout: PATIENCE_MS });
  await page.keyboard.press('Escape');
  await expect(page.getByText('Stopped; what was measured stays.')).toBeVisible();
  expect((await rates(page, 'gradient descent step'))[0]).toBeGreaterThan(0);
  await expect(page.getByRole('link', { name: 'Back to the demo' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { level: 1, name: 'Edgescope' })).toBeVisible();
});

test('TensorFlow.js by itself and as our engine are both right in one benchmark', async ({ page }) => {
  await open(page, '#/benchmark');
  await only(page, ['tiny', 'TensorFlow.js', 'Quickly']);
  await button(page, 'Start').click();
  await expect(page.getByText('Done.')).toBeVisible({ timeout: PATIENCE_MS });
  for (const value of await rates(page, 'Hessian-vector product')) expect(value).toBeGreaterThan(0);
  await expect(page.getByRole('definition').filter({ hasText: /^version [\d.]+ on .*software/ })).toBeVisible();
  await expect(page.getByText(/more is better\..*are better small/)).toBeVisible();
});

test('where the clipboard is denied, the text is there to be copied by hand', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  await open(page, '#/benchmark');
  await only(page, ['tiny', 'WASM', 'Quickly']);
  await button(page, 'Start').click();
  await expect(page.getByText('Done.')).toBeVisible({ timeout: PATIENCE_MS });
  await button(page, 'Copy as text').click();
  await expect(page.getByRole('textbox', { name: 'The figures as text' })).toHaveValue(/tiny\.wasm\.step\.lanes16/);
  // Escape closes the window and no more.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('textbox')).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name: 'Benchmark' })).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the ${theme} theme, and nothing spills sideways`, async ({ page }) => {
    await open(page, `#/benchmark?theme=${theme}`);
    await only(page, ['tiny', 'WASM', 'Quickly']);
    expect(await violations(page)).toEqual([]);
    await button(page, 'Start').click();
    await expect(page.getByText('Done.')).toBeVisible({ timeout: PATIENCE_MS });
    expect(await violations(page)).toEqual([]);
    for (const [width, height] of [
      [1920, 1080],
      [1440, 900],
      [390, 844],
    ]) {
      await page.setViewportSize({ width, height });
      expect(await spill(page)).toBeLessThanOrEqual(0);
    }
    expect(await violations(page)).toEqual([]);
  });
}

test('the first screen loads nothing of it', async ({ page }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await open(page, '#/?stop=30&pace=max');
  await expect(page.locator('.step-count b').first()).toHaveText('30', { timeout: 30_000 });
  expect(requests.filter((url) => /benchmark|jax|tfjs/i.test(url))).toEqual([]);
});
