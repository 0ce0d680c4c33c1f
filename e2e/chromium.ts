/**
 * Finds a Chromium for the browser tests and the benchmark, and where there is none installs one: `tsx e2e/chromium.ts`
 * says what it does and prints the path last.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { attempt, installPackage, onPath, say, startsAs } from './install';

/** WebGPU in a browser without a display, on the software adapter, so that every machine runs the same tests. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const SYSTEM = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];
const DOWNLOAD_MS = 120_000;

const works = (path: string): boolean => startsAs(/chrom/i, path);

/** A Chromium that is here already: $EDGESCOPE_CHROMIUM, the system's, Playwright's own; null where there is none. */
export function findChromium(): string | null {
  const named = process.env.EDGESCOPE_CHROMIUM;
  if (named) return named;
  for (const name of SYSTEM) {
    const path = onPath(name);
    if (path && works(path)) return path;
  }
  const own = chromium.executablePath();
  return existsSync(own) && works(own) ? own : null;
}

/** A Chromium, installed if need be. Throws where neither Playwright nor the system's packages provide one. */
export function provideChromium(): string {
  const found = findChromium();
  if (found) {
    say(`Chromium: ${found}`);
    return found;
  }
  say('Chromium: none here; Playwright downloads its own (at most two minutes)');
  attempt(['npx', 'playwright', 'install', '--with-deps', 'chromium'], DOWNLOAD_MS);
  const own = findChromium();
  if (own) return own;
  say('Chromium: that failed; trying the package of the distribution');
  installPackage('chromium');
  const packaged = findChromium();
  if (packaged) return packaged;
  throw new Error('No Chromium could be found or installed: set EDGESCOPE_CHROMIUM to the path of one.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${provideChromium()}\n`);
