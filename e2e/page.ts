/** What the browser tests do again and again: open a link, read the caption, the step and the address. */
import axeCore from 'axe-core';
import { expect, type Page } from '@playwright/test';

/** Opens the app at a link; every uncaught error of the page fails the test that opened it. */
export async function open(page: Page, hash = ''): Promise<void> {
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(`./${hash}`);
}

export function caption(page: Page) {
  return page.locator('.headline');
}

/** Steps taken, as the page counts them. */
export async function step(page: Page): Promise<number> {
  const text = (await page.locator('.step-count b').first().textContent()) ?? '';
  return Number(text.replace(/\D/g, ''));
}

export async function waitForStep(page: Page, least: number, timeout = 30_000): Promise<void> {
  await expect.poll(() => step(page), { timeout }).toBeGreaterThanOrEqual(least);
}

/** The sharpness as the caption says it, at the midpoint. */
export async function captionSharpness(page: Page): Promise<number> {
  const match = /^λ₁ mid\si = ([\d.e+-]+)/.exec((await caption(page).textContent()) ?? '');
  return match ? Number(match[1]) : NaN;
}

export const poster = (page: Page) => page.getByRole('button', { name: /Press Space/ });

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: false }).first();

/** What axe finds wrong with the page as it stands: the rule and the elements. */
export async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: axeCore.source });
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const result = await axe.run();
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
    );
  });
}

/** CSS pixels by which the page is wider than its window. */
export function spill(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
