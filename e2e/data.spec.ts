/** One's own data: a CSV file trains, is described, and a bad one gets one clear sentence. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { caption, captionSharpness, open, waitForStep } from './page';

const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

/** Chooses a file as a reader would: by the button and the browser's own window. */
async function choose(page: Page, file: string | ReturnType<typeof csv>): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page
    .getByRole('button', { name: /Open a CSV/ })
    .first()
    .click();
  await (await chooser).setFiles(file);
}

/** Two clouds in the plane, with a header and a text target. */
const TWO_CLOUDS = [
  'x,y,species',
  ...Array.from({ length: 60 }, (_, i) => {
    const side = i % 2 === 0 ? 1 : -1;
    return `${(side + Math.sin(i * 7.1) * 0.4).toFixed(3)},${(side * 0.5 + Math.cos(i * 3.3) * 0.4).toFixed(3)},${side > 0 ? 'a' : 'b'}`;
  }),
].join('\n');

test('a small CSV file is read, described and trained on', async ({ page }) => {
  await open(page, '#/?play=0');
  await choose(page, csv('clouds.csv', TWO_CLOUDS));
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('clouds.csv');
  await expect(dialog).toContainText(/60/);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.url()).toMatch(/data=csv&file=clouds.csv&hash=[0-9a-f]{16}/);
  await waitForStep(page, 5);
});

test('a file with fewer rows than the batch says so, and the link has the batch that runs', async ({ page }) => {
  await open(page, '#/?play=0&opt=sgd&batch=100');
  await choose(page, csv('clouds.csv', TWO_CLOUDS));
  await page.keyboard.press('Escape');
  await expect.poll(() => page.url()).toMatch(/data=csv.*opt=sgd&batch=60/);
  await expect(page.getByText(/these data allow 1 to 60, and all 60 examples are used/).first()).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Batch size' })).toHaveAttribute('aria-valuetext', 'all 60 examples');
  await waitForStep(page, 5);
});

test('a file of few rows gets a batch of a quarter of them, and no remark, where none was asked for', async ({
  page,
}) => {
  await open(page, '#/?play=0&opt=sgd');
  await choose(page, csv('few.csv', TWO_CLOUDS.split('\n').slice(0, 21).join('\n')));
  await page.keyboard.press('Escape');
  await waitForStep(page, 5);
  const slider = page.getByRole('slider', { name: 'Batch size' });
  await expect(slider).toHaveAttribute('aria-valuetext', '5 of 20 examples');
  await expect(page.getByText(/was asked for/)).toHaveCount(0);
  expect(page.url()).not.toMatch(/batch=/);
});

test('a bad file gets one clear sentence with row and column', async ({ page }) => {
  await open(page, '#/?play=0');
  await choose(page, csv('bad.csv', 'x,y,label\n1,2,a\n3,oops,b\n5,6,a\n7,8,b\n'));
  await expect(page.getByText(/(row|line) 3.*(column|“y”)/i).first()).toBeVisible();
});

test('data that cannot be trained on leave no run, which is not for want of an engine', async ({ page }) => {
  await open(page, '#/?play=0');
  await choose(page, csv('one.csv', 'x,label\n1,a\n2,a\n3,a\n'));
  await expect(page.locator('.badge').first()).toHaveText('no run');
});

test('a link to a file asks for the file', async ({ page }) => {
  await open(page, '#/?data=csv&file=mine.csv&hash=0123456789abcdef');
  await expect(page.getByText(/mine\.csv/).first()).toBeVisible();
});

const digits = join(process.env.EDGESCOPE_DATA ?? '', 'optdigits.tra.csv');

test('the digits file trains with ten classes, and its sharpness is measured', async ({ page }) => {
  test.skip(!process.env.EDGESCOPE_DATA || !existsSync(digits), 'EDGESCOPE_DATA with optdigits.tra.csv is not set');
  await open(page, '#/?play=0&loss=ce&pace=max&stop=60');
  await choose(page, digits);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('2999', { timeout: 20_000 });
  await expect(dialog).toContainText('65');
  await page.keyboard.press('Escape');
  await expect(caption(page)).toContainText('Resting at step 60', { timeout: 50_000 });
  // What `edgescope record` writes of this file and link at step 60: hessian.midpoint.lambda1 = 1.06326.
  expect(await captionSharpness(page)).toBe(1.06);
});
