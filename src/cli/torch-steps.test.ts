/**
 * Steps of mini-batch SGD taken again by PyTorch, in float64, from nothing but `run.json` and `run.npz`: the data, θ₀ and
 * the examples of every batch. Needs a Python with PyTorch; skipped, with the reason, elsewhere.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWithTorch } from '../../bench/peers/python';
import { readArguments } from './args';
import { runRecord } from './record';

const LIMIT_MS = 300_000;
const STEPS = 40;

/**
 * Writes how far θ_T of PyTorch is from θ_T of the run, as parts of the way from θ₀ to θ_T: along the batches, and along
 * whole gradients, by which one sees that the batches matter.
 */
const REPLAY = `
import json, sys
import numpy, torch
from torch.nn.functional import cross_entropy, gelu

run, arrays = json.load(open(sys.argv[1])), numpy.load(sys.argv[2])
steps, lr = int(sys.argv[3]), run['experiment']['lr']
layout, activation = run['network']['layout'], {'tanh': torch.tanh, 'gelu': gelu}[run['network']['activation']]
X, Y, start, end = (torch.tensor(arrays[name].astype('float64')) for name in ('X', 'Y', 'theta_0', f'theta_{steps}'))

def loss(theta, rows):
    a, y = X[rows], Y[rows]
    for i, entry in enumerate(layout):
        size = int(numpy.prod(entry['shape']))
        parameter = theta[entry['offset']:entry['offset'] + size].reshape(entry['shape'])
        if entry['name'][0] == 'b':
            a = a + parameter
            continue
        a = (a if i == 0 else activation(a)) @ parameter
    if run['loss'] == 'mse':
        return ((a - y) ** 2).sum() / (2 * len(rows))
    return cross_entropy(a, y.argmax(1))

def off(batches):
    theta = start.clone()
    for rows in batches:
        theta.requires_grad_(True)
        slope, = torch.autograd.grad(loss(theta, torch.tensor(rows.astype('int64'))), theta)
        theta = (theta - lr * slope).detach()
    return float((theta - end).norm() / (end - start).norm())

everything = numpy.arange(len(X))
print(json.dumps({'batches': off(arrays['batches']), 'whole': off([everything] * steps), 'shape': arrays['batches'].shape}))
`;

describe('steps of mini-batch SGD against PyTorch', { timeout: LIMIT_MS }, () => {
  let folder = '';
  let python: string | null = null;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'edgescope-steps-'));
    python = pythonWithTorch();
  }, LIMIT_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.for([
    ['shuffled epochs, half-MSE', '#/?opt=sgd&batch=24&lr=0.1', 24],
    ['with replacement, cross-entropy', '#/?data=blobs&loss=ce&act=gelu&opt=sgd&sampling=replacement&lr=0.2', 32],
    ['few examples, the batch left open', '#/?data=chebyshev&bias=10&net=16&opt=sgd&lr=0.05', 5],
  ] as const)('%s', async ([, link, size], context) => {
    if (python === null) return context.skip('no Python with torch, numpy and scipy');
    const out = join(folder, 'run.json');
    const snapshots = `0,${STEPS}`;
    const command = readArguments(['record', link, '--steps', `${STEPS}`, '--snapshots', snapshots, '--out', out]);
    if (command.kind !== 'record') throw new Error('That was no record command.');
    await runRecord({ ...command, quiet: true });
    const words = ['-c', REPLAY, out, command.arrays, `${STEPS}`];
    const output = execFileSync(python, words, { encoding: 'utf8' });
    const found = JSON.parse(output) as { batches: number; whole: number; shape: number[] };
    expect(found.shape).toEqual([STEPS, size]);
    expect(found.batches).toBeLessThan(1e-4);
    expect(found.whole).toBeGreaterThan(1e-2);
  });
});
