/**
 * Recorded figures against another library: an independent script rebuilds the network in PyTorch (float64, the dense
 * Hessian) from what `record` wrote and compares loss, gradient norm and eigenvalues. Needs that script
 * (`torch_check.py` in the folder EDGESCOPE_ORACLE names) and a Python with PyTorch; skipped, with the reason, elsewhere.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWithTorch } from '../../bench/peers/python';
import { readArguments } from './args';
import { runRecord } from './record';

const SCRIPT = join(process.env.EDGESCOPE_ORACLE ?? '', 'torch_check.py');
const DIGITS = join(process.env.EDGESCOPE_DATA ?? '', 'optdigits.tra.csv');
const LIMIT_MS = 300_000;

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['the default demo', ['#/', '--steps', '1000', '--snapshots', '0,200,1000']],
  ['Chebyshev, gelu', ['#/?data=chebyshev&degree=4&act=gelu', '--steps', '500', '--snapshots', '0,500']],
  ['blobs, cross-entropy, relu', ['#/?data=blobs&loss=ce&act=relu', '--steps', '500', '--snapshots', '0,500']],
  ['softplus without biases, f64', ['#/?act=softplus&bias=0&precision=f64', '--steps', '300', '--snapshots', '0,300']],
  ['mini-batch SGD', ['#/?opt=sgd&batch=20&lr=0.05', '--steps', '500', '--snapshots', '0,100,500']],
  [
    'optdigits, cross-entropy, tanh',
    ['#/?data=csv&loss=ce', '--steps', '100', '--snapshots', '0,100', '--data', DIGITS],
  ],
];

function whyNot(python: string | null): string | null {
  if (!process.env.EDGESCOPE_ORACLE) return 'EDGESCOPE_ORACLE is not set';
  if (!existsSync(SCRIPT)) return 'EDGESCOPE_ORACLE names a folder without torch_check.py';
  return python === null ? 'no Python with torch, numpy and scipy' : null;
}

describe('record against PyTorch', { timeout: LIMIT_MS }, () => {
  let folder = '';
  let python: string | null = null;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'edgescope-torch-'));
    if (process.env.EDGESCOPE_ORACLE) python = pythonWithTorch();
  }, LIMIT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const [what, words] of CASES) {
    it(what, async (context) => {
      const reason =
        whyNot(python) ??
        (words.includes(DIGITS) && !existsSync(DIGITS) ? 'EDGESCOPE_DATA has no optdigits.tra.csv' : null);
      if (reason !== null || python === null) return context.skip(reason ?? '');
      const out = join(folder, 'run.json');
      const arrays = join(folder, 'run.npz');
      const command = readArguments(['record', ...words, '--every', '1', '--quiet', '--out', out]);
      if (command.kind !== 'record') throw new Error('That was no record command.');
      await runRecord(command);
      // What the script replays are steps of full-batch gradient descent; those of batches: torch-steps.test.ts.
      const replay = words[0].includes('opt=sgd') ? [] : ['--replay', '50'];
      const output = execFileSync(python, [SCRIPT, out, arrays, ...replay], { encoding: 'utf8' });
      expect(output).toContain('all figures agree');
      expect(output).toMatch(/hessian\.lambda1 +step [1-9]\d* +torch +\S+ +run/);
      if (replay.length > 0) expect(output).toMatch(/replayed GD\) +step 50 +torch +\S+ +run/);
    });
  }
});
