/**
 * The same link in Node and in Chromium ends with the same bits on the WASM engine; and what the WebGPU engine measures
 * agrees with PyTorch (float64, dense Hessian), where that oracle is at hand.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { pythonWithTorch } from '../../bench/peers/python';
import type { Recorded } from './record';

type Plan = Parameters<Window['recordHere']>[2];

async function recordIn(page: Page, ...args: [string, 'wasm' | 'webgpu', Plan, string | null]): Promise<Recorded> {
  await page.goto('./record.html');
  await page.waitForFunction(() => 'recordHere' in window);
  return page.evaluate(([link, id, plan, csv]) => window.recordHere(link, id, plan, csv), args);
}

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

test('a link ends with the same bits of θ in Node and in Chromium', async ({ page }) => {
  const link = '#/?lr=0.2';
  const folder = mkdtempSync(join(tmpdir(), 'edgescope-bits-'));
  const out = join(folder, 'run.json');
  const words = ['record', link, '--steps', '2000', '--snapshots', '2000', '--every', '100', '--quiet', '--out', out];
  execFileSync('npx', ['tsx', CLI, ...words]);
  const inNode = (JSON.parse(readFileSync(out, 'utf8')) as { fingerprints: Record<string, string> }).fingerprints;
  const { json } = await recordIn(page, link, 'wasm', { steps: 2000, every: 37, snapshots: [2000] }, null);
  const inChromium = (JSON.parse(json) as { fingerprints: Record<string, string> }).fingerprints;
  expect(inNode['2000']).toMatch(/^[0-9a-f]{64}$/);
  expect(inChromium).toEqual(inNode);
});

const SCRIPT = join(process.env.EDGESCOPE_ORACLE ?? '', 'torch_check.py');
const DIGITS = join(process.env.EDGESCOPE_DATA ?? '', 'optdigits.tra.csv');

const CASES: readonly (readonly [string, string, Plan, boolean])[] = [
  ['the default demo', '#/', { steps: 1000, every: 50, snapshots: [0, 200, 1000] }, false],
  ['Chebyshev, gelu', '#/?data=chebyshev&degree=4&act=gelu', { steps: 500, every: 10, snapshots: [0, 500] }, false],
  [
    'blobs, cross-entropy, relu',
    '#/?data=blobs&loss=ce&act=relu',
    { steps: 300, every: 10, snapshots: [0, 300] },
    false,
  ],
  ['optdigits, cross-entropy, tanh', '#/?data=csv&loss=ce', { steps: 50, every: 10, snapshots: [0, 50] }, true],
];

for (const [what, link, plan, digits] of CASES) {
  test(`on WebGPU, ${what} agrees with PyTorch`, async ({ page }) => {
    test.setTimeout(300_000);
    test.skip(!process.env.EDGESCOPE_ORACLE || !existsSync(SCRIPT), 'EDGESCOPE_ORACLE names no torch_check.py');
    test.skip(digits && !existsSync(DIGITS), 'EDGESCOPE_DATA has no optdigits.tra.csv');
    const python = pythonWithTorch();
    test.skip(python === null, 'no Python with torch, numpy and scipy');
    const csv = digits ? readFileSync(DIGITS, 'utf8') : null;
    const { json, npz } = await recordIn(page, link, 'webgpu', plan, csv);
    expect(JSON.parse(json)).toMatchObject({ engine: { name: 'webgpu' } });
    const folder = mkdtempSync(join(tmpdir(), 'edgescope-gpu-'));
    writeFileSync(join(folder, 'run.json'), json);
    writeFileSync(join(folder, 'run.npz'), Buffer.from(npz, 'base64'));
    const words = [SCRIPT, join(folder, 'run.json'), join(folder, 'run.npz'), '--replay', '50'];
    const result = spawnSync(python ?? '', words, { encoding: 'utf8' });
    expect(result.stdout, result.stderr).toMatch(/all figures agree\s*$/);
  });
}
