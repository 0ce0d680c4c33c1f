/** The command as a user runs it: a process of its own, judged by its status, its two streams and its files. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../engine/export/record';
import { readArguments } from './args';
import { runRecord } from './record';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 60_000;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgescope-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in the temporary folder, not in the project. */
function edgescope(...argv: string[]): Promise<Ended> {
  const loader = import.meta.resolve('tsx');
  const file = [`--import=${loader}`, join(ROOT, 'src/cli/main.ts'), ...argv];
  return new Promise((done) => {
    execFile(process.execPath, file, { cwd: folder, timeout: LIMIT_MS }, (error, stdout, stderr) => {
      done({ status: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
  });
}

const read = (name: string): RunRecord => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RunRecord;

describe('record', { timeout: LIMIT_MS }, () => {
  it('writes run.json and run.npz, says one line of JSON, and repeats itself from its own record', async () => {
    const link = 'https://example.org/#/?n=40&net=8&lr=0.2';
    const first = await edgescope('record', link, '--steps', '20', '--snapshots', '0,10', '--json');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout.trim().split('\n')).toHaveLength(1);
    const summary = JSON.parse(first.stdout) as { fingerprints: Record<string, string>; steps: number };
    const run = read('run.json');
    expect(summary).toMatchObject({ steps: 20, fingerprints: run.fingerprints, link: run.link });
    expect(run.series['loss.train'].step).toEqual([0, 5, 10, 15, 20]);
    expect(Object.keys(unzipSync(readFileSync(join(folder, 'run.npz'))))).toContain('eigenvectors_10.npy');

    const again = await edgescope('record', 'run.json', '--snapshots', '0,10', '--out', 'again.json', '--quiet');
    expect(again).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(read('again.json')).toEqual(run);
    expect(readFileSync(join(folder, 'again.npz'))).toEqual(readFileSync(join(folder, 'run.npz')));
  });

  it('trains on a file of one’s own, and only on that one when its link comes back', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i % 7},${(i * i) % 5},${['a', 'b', 'c'][i % 3]}`);
    writeFileSync(join(folder, 'own.csv'), `u,v,kind\n${rows.join('\n')}\n`);
    writeFileSync(join(folder, 'other.csv'), `u,v,kind\n${rows.reverse().join('\n')}\n`);
    writeFileSync(join(folder, 'link.txt'), '\n#/?net=8&loss=ce\n');
    const out = ['--steps', '5', '--out', 'own.json'];
    const { status, stderr } = await edgescope('record', 'link.txt', '--data', 'own.csv', ...out);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const run = read('own.json');
    expect(run).toMatchObject({
      network: { sizes: [2, 8, 3] },
      data: { examples: 30, classes: 3 },
      loss: 'cross-entropy',
    });
    expect(run.experiment).toMatchObject({ data: 'csv', file: 'own.csv' });

    const wrong = await edgescope('record', run.link, '--data', 'other.csv', '--out', 'no.json');
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toContain('SHA-256 begins with');
  });

  it('says what it was given when the loss had to follow the data', async () => {
    writeFileSync(join(folder, 'values.csv'), Array.from({ length: 20 }, (_, i) => `${i},${i / 7}`).join('\n'));
    const { status, stdout } = await edgescope(
      'record',
      '#/?net=4&loss=ce',
      '--data',
      'values.csv',
      '--steps',
      '3',
      '--out',
      'v.json',
    );
    expect(status).toBe(0);
    expect(stdout).toContain('Note: Cross-entropy needs classes');
    expect(read('v.json')).toMatchObject({ loss: 'mse', experiment: { loss: 'mse' } });
  });

  it('runs on TensorFlow.js where asked, to the same figures and without a word of its own', async () => {
    const link = ['record', '#/?n=20&net=4', '--steps', '5'];
    const { status, stderr } = await edgescope(...link, '--engine', 'tensorflow', '--out', 'tf.json', '--quiet');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    await edgescope(...link, '--out', 'wasm.json');
    const [mine, theirs] = [read('tf.json'), read('wasm.json')];
    expect(mine).toMatchObject({ engine: { name: 'tensorflow', deterministic: false } });
    for (const id of ['loss.train', 'hessian.lambda1'] as const) {
      const [found, expected] = [mine, theirs].map(({ series }) => series[id]?.value.map(Number) ?? []);
      expect(found).toHaveLength(2);
      found.forEach((x, i) => expect(x).toBeCloseTo(expected[i], 4));
    }
  });

  it('explains itself', async () => {
    const { status, stdout } = await edgescope('--help');
    expect(status).toBe(0);
    for (const option of [
      '--steps',
      '--snapshots',
      '--measure',
      '--every',
      '--engine',
      '--data',
      '--out',
      '--arrays',
      '--json',
      '--quiet',
    ]) {
      expect(stdout).toContain(option);
    }
  });

  beforeAll(() => {
    writeFileSync(join(folder, 'prose.txt'), 'Nothing of the kind.\nlr=0.1\n');
    writeFileSync(join(folder, 'other.json'), '{"a": 1}');
    writeFileSync(join(folder, 'bad.csv'), 'a,b\n1,2\nx,4\n5,6\n');
  });

  /** What the readers of arguments alone refuse is in args.test.ts. */
  const bad: [string, string[], string][] = [
    [
      'a snapshot beyond the last step',
      ['#/', '--steps', '10', '--snapshots', '0,11'],
      'step 11, beyond the last step 10',
    ],
    ['a file that is not there', ['missing.json'], 'missing.json” is neither a link nor a file'],
    ['a file without a link', ['prose.txt'], 'does not begin with a link'],
    ['another JSON file', ['other.json'], 'is not an Edgescope run.json'],
    ['a link with a slip', ['#/?lr=fast'], 'lr: “fast” is not a number'],
    ['a link out of bounds', ['#/?n=1e9'], 'was taken as 20000'],
    ['WebGPU by option', ['#/', '--engine', 'webgpu'], 'webgpu is not available in Node'],
    ['WebGPU by link', ['#/?engine=webgpu'], 'add --engine wasm'],
    ['an unknown engine', ['#/', '--engine', 'cuda'], '--engine must be wasm or tensorflow, not “cuda”'],
    [
      'an unknown series',
      ['#/', '--measure', 'loss.train,hessian.lambda4'],
      'hessian.lambda3.residual, hessian.midpoint.lambda1,',
    ],
    ['a folder that is not there', ['#/', '--out', 'no/such/run.json'], 'there is no folder'],
    ['a folder as output', ['#/', '--arrays', '.'], 'it is a folder'],
    ['one file for both outputs', ['#/', '--out', 'same', '--arrays', './same'], 'are the same file'],
    ['data that would be overwritten', ['#/', '--data', 'bad.csv', '--out', 'bad.csv'], 'would be overwritten'],
    ['data that are not there', ['#/', '--data', 'gone.csv'], 'gone.csv” cannot be read: there is no such file.'],
    [
      'data that are not given',
      ['#/?data=csv&file=own.csv'],
      'The link trains on the file “own.csv”: give it with --data.',
    ],
    ['bad data', ['#/', '--data', 'bad.csv'], 'Row 3, column 1 (“a”) holds “x”, which is not a number.'],
  ];

  it('answers bad input with one line and status 1, and writes nothing', async () => {
    for (const [what, argv, message] of bad.slice(0, 3)) {
      const { status, stdout, stderr } = await edgescope('record', '--steps', '2', '--out', 'bad.json', ...argv);
      expect.soft({ what, status, stdout }).toEqual({ what, status: 1, stdout: '' });
      expect.soft(stderr).toMatch(/^edgescope: [^\n]+\n$/);
      expect.soft(stderr).toContain(message);
    }
    expect(existsSync(join(folder, 'bad.json'))).toBe(false);
  });

  // The others without a process each: a second apiece would be spent on starting.
  it.each(bad)('refuses %s', async (_, argv, message) => {
    const inFolder = argv.map((word) => (/^[\w/]*\.(csv|txt|json)$/.test(word) ? join(folder, word) : word));
    const command = readArguments(['record', '--steps', '2', '--out', join(folder, 'bad.json'), ...inFolder]);
    if (command.kind !== 'record') throw new Error('That was no record command.');
    await expect(runRecord(command)).rejects.toThrow(message);
    expect(existsSync(join(folder, 'bad.json'))).toBe(false);
  });
});
