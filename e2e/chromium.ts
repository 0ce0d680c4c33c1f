/**
 * Finds a Chromium for the browser tests and the benchmark, and where there is none installs one: `tsx e2e/chromium.ts`
 * says what it does and prints the path last.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

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
const PACKAGES_MS = 300_000;

/** Whether the file starts as a browser; a distribution's placeholder that asks for another installer does not. */
function works(path: string): boolean {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 && /chrom/i.test(stdout);
}

function onPath(name: string): string | null {
  const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

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

/** Runs a command with its output shown; whether it succeeded in time. */
function attempt(command: readonly string[], timeout: number): boolean {
  const [file, ...args] = command;
  try {
    execFileSync(file, args, { timeout, stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    return true;
  } catch {
    // The caller says what it tries next; what went wrong stands in the command's own output.
    return false;
  }
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

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
  const administrator = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (onPath('apt-get') && (administrator.length === 0 || onPath('sudo'))) {
    say('Chromium: that failed; installing the package of the distribution');
    attempt([...administrator, 'apt-get', 'update', '-qq'], PACKAGES_MS);
    attempt([...administrator, 'apt-get', 'install', '-y', '-qq', 'chromium'], PACKAGES_MS);
  }
  const packaged = findChromium();
  if (packaged) return packaged;
  throw new Error('No Chromium could be found or installed: set EDGESCOPE_CHROMIUM to the path of one.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${provideChromium()}\n`);
