/** The engine of TensorFlow.js in the app: it runs where it is asked for, is fetched only then, and can be done without. */
import { expect, test, type Page } from '@playwright/test';
import { button, captionSharpness, open, waitForStep } from './page';

const SMALL = 'n=40&net=8&stop=20&pace=max';
/** A word that no build of TensorFlow.js can lose: one of its flags. */
const WORD = 'TENSORLIKE_CHECK_SHAPE_CONSISTENCY';
const badge = (page: Page) => page.locator('.badge').first();

/** Whether the page or its worker fetches TensorFlow.js while it does this. */
async function fetchesTensorFlow(page: Page, work: () => Promise<void>): Promise<boolean> {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.endsWith('.js')) scripts.push(request.url());
  });
  await work();
  expect(scripts.length).toBeGreaterThan(0);
  const texts = await Promise.all(scripts.map(async (url) => (await page.request.get(url)).text()));
  return texts.some((text) => text.includes(WORD));
}

test('runs where the link asks for it, says on what, and is fetched only then', async ({ page, context }) => {
  expect(
    await fetchesTensorFlow(page, async () => {
      await open(page, `#/?${SMALL}&engine=tensorflow`);
      await expect(badge(page)).toHaveText('TensorFlow.js on the CPU (backend cpu) · f32', { timeout: 20_000 });
      await waitForStep(page, 20);
    }),
  ).toBe(true);
  const sharpness = await captionSharpness(page);
  const other = await context.newPage();
  expect(
    await fetchesTensorFlow(other, async () => {
      await open(other, `#/?${SMALL}`);
      await waitForStep(other, 20);
      await expect(badge(other)).toHaveText('WebAssembly · f32');
    }),
  ).toBe(false);
  expect(Math.abs((await captionSharpness(other)) / sharpness - 1)).toBeLessThan(2e-3);
});

test('is chosen in the engine’s group, which then offers 32 bits alone, and left by the badge', async ({ page }) => {
  await open(page, `#/?${SMALL}`);
  await waitForStep(page, 20);
  await page.getByText('Engine', { exact: true }).first().click();
  await page.getByRole('combobox', { name: 'Engine' }).selectOption('TensorFlow.js');
  await expect(badge(page)).toHaveText(/^TensorFlow\.js on the CPU/, { timeout: 20_000 });
  await expect(page).toHaveURL(/engine=tensorflow/);
  await expect(page.getByRole('combobox', { name: 'Precision' }).locator('option')).toHaveText(['32 bits']);
  await badge(page).click();
  await button(page, 'Use WebAssembly').click();
  await expect(badge(page)).toHaveText('WebAssembly · f32');
});

test('64 bits are corrected with a remark', async ({ page }) => {
  await open(page, `#/?${SMALL}&engine=tensorflow&precision=f64`);
  await expect(page.getByText('TensorFlow.js computes in 32 bits: precision=f64 needs engine=wasm.')).toBeVisible();
  await expect(badge(page)).toHaveText(/^TensorFlow\.js .* f32$/, { timeout: 20_000 });
});

test('where its code does not come, the run is on WebAssembly and says why; the next run asks again', async ({
  page,
}) => {
  await page.route(/\/engine-[^/]*\.js/, (route) => route.abort());
  await open(page, `#/?${SMALL}&engine=tensorflow`);
  await waitForStep(page, 20);
  await expect(badge(page)).toHaveText('WebAssembly · f32');
  await expect(
    page.getByText(
      'TensorFlow.js was asked for, but the code for TensorFlow.js could not be fetched: ' +
        'the run is on WebAssembly; the next run asks again.',
    ),
  ).toBeVisible();
  await page.unrouteAll();
  await page.keyboard.press('r');
  await expect(badge(page)).toHaveText(/^TensorFlow\.js .* f32$/, { timeout: 20_000 });
});
