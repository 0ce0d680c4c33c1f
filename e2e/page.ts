/** What the browser tests do again and again: open a link, read the caption, the step and the address. */
import { expect, type Page } from '@playwright/test';

/** Opens the app at a link; every uncaught error of the page fails the test that opened it. */
export async function open(page: Page, hash = ''): Promise<void> {
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(`./${hash}`);
}

export function caption(page: Page) {
  return page.locator('.caption p').first();
}

/** Steps taken, as the page counts them. */
export async function step(page: Page): Promise<number> {
  const text = (await page.locator('.step-count b').first().textContent()) ?? '';
  return Number(text.replace(/\D/g, ''));
}

export async function waitForStep(page: Page, least: number, timeout = 30_000): Promise<void> {
  await expect.poll(() => step(page), { timeout }).toBeGreaterThanOrEqual(least);
}

/** λ₁ as the caption says it. */
export async function captionSharpness(page: Page): Promise<number> {
  const match = /λ₁ = ([\d.e+-]+)/.exec((await caption(page).textContent()) ?? '');
  return match ? Number(match[1]) : NaN;
}

export const poster = (page: Page) => page.getByRole('button', { name: /Press Space/ });

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: false }).first();
