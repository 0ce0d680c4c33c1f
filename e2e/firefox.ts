/**
 * Finds a Firefox for the browser tests, drives it over WebDriver BiDi, and installs one where there is none:
 * `tsx e2e/firefox.ts` says what it does and prints the path last. Unlike Chromium it is not a must: what needs it is
 * skipped without.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser } from 'puppeteer-core';
import { installPackage, onPath, say, startsAs } from './install';

const SYSTEM = ['firefox-esr', 'firefox'];
/** A browser that does not answer by then never will. */
const ANSWER_MS = 60_000;

export const NO_FIREFOX = 'no Firefox here: `npx tsx e2e/firefox.ts` tries to install one, EDGESCOPE_FIREFOX names one';

/** A Firefox that is here already: $EDGESCOPE_FIREFOX or the system's; null where there is none. */
export function findFirefox(): string | null {
  const named = process.env.EDGESCOPE_FIREFOX;
  if (named) {
    if (!existsSync(named)) throw new Error(`EDGESCOPE_FIREFOX names no file: ${named}`);
    return named;
  }
  for (const name of SYSTEM) {
    const path = onPath(name);
    if (path && startsAs(/firefox/i, path)) return path;
  }
  return null;
}

export function launchFirefox(executablePath: string): Promise<Browser> {
  return puppeteer.launch({ browser: 'firefox', executablePath, headless: true, protocolTimeout: ANSWER_MS });
}

/** A Firefox, installed if need be and possible; null where none can be had. */
function provideFirefox(): string | null {
  const found = findFirefox();
  if (found) return found;
  say('Firefox: none here; trying the package of the distribution');
  installPackage('firefox-esr');
  return findFirefox();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = provideFirefox();
  if (path === null) say('Firefox: none can be had; the tests in it are skipped.');
  else process.stdout.write(`${path}\n`);
}
