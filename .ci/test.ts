/**
 * `npm test`: builds the kernels, the app and the bare pages, runs the unit tests and the browser tests, and ends with
 * one line, `N passed, N failed`. The exit code is 0 only where everything that should run did, and passed.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { provideChromium } from '../e2e/chromium';
import { add, countPlaywright, countVitest, NOTHING, summary, type Counts } from './counts';

const root = join(import.meta.dirname, '..');
const reports = join(root, 'build/test');
const vitestReport = join(reports, 'vitest.json');
const playwrightReport = join(reports, 'playwright.json');

/** Runs a command with its output streamed; resolves with its exit code (1 where it did not even start). */
function run(...[file, ...args]: readonly string[]): Promise<number> {
  process.stdout.write(`\n> ${[file, ...args].join(' ')}\n`);
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
    child.on('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** The report of a run, or null where it wrote none. */
function report(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // A runner that crashed leaves no report, or half of one: it counts as one failure.
    return null;
  }
}

async function browserTests(): Promise<Counts> {
  process.env.EDGESCOPE_CHROMIUM = provideChromium();
  const code = await run('npx', 'playwright', 'test', '--config', 'e2e/playwright.config.ts');
  return countPlaywright(report(playwrightReport), code);
}

async function all(): Promise<Counts> {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  for (const build of [['kernels'], ['build'], ['build', '--', '--mode', 'pages']]) {
    if ((await run('npm', 'run', '--silent', ...build)) !== 0) return { ...NOTHING, failed: 1 };
  }
  const json = ['--reporter=json', `--outputFile.json=${vitestReport}`];
  const code = await run('npx', 'vitest', 'run', '--reporter=default', ...json);
  const unit = countVitest(report(vitestReport), code);
  try {
    return add(unit, await browserTests());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return add(unit, { ...NOTHING, failed: 1 });
  }
}

const counts = await all();
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
process.stdout.write(`\n${summary(counts)}\n`);
