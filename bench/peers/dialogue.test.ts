import { expect, it } from 'vitest';
import { dialogue, type Dialogue } from './dialogue';

const PATIENCE_MS = 20_000;

function node(script: string, patienceMs = PATIENCE_MS): Dialogue {
  return dialogue('The script', process.execPath, ['-e', script], patienceMs);
}

it('takes turns, line by line', async () => {
  const echo = node(`
    const lines = require('node:readline').createInterface({ input: process.stdin });
    console.log('{"version": 1}');
    lines.on('line', (line) => console.log(JSON.stringify({ heard: JSON.parse(line) })));
  `);
  expect(await echo.answer()).toEqual({ version: 1 });
  expect(await echo.ask({ work: 'step' })).toEqual({ heard: { work: 'step' } });
  expect(await echo.ask({ work: 'hvp' })).toEqual({ heard: { work: 'hvp' } });
  echo.end();
});

it('says so where the process ends before its first line, and from then on', async () => {
  const dying = node('process.exit(1)');
  await expect(dying.answer()).rejects.toThrow('The script ended before it answered');
  await expect(dying.ask({ work: 'step' })).rejects.toThrow('The script ended before it answered');
});

it('ends one that is silent for too long', async () => {
  const hung = node('setInterval(() => {}, 1000)', 200);
  await expect(hung.answer()).rejects.toThrow('The script ended before it answered: it was silent for 0.2 s.');
});

it('says so where there is no such command', async () => {
  const missing = dialogue('The script', '/no/such/command', [], PATIENCE_MS);
  await expect(missing.answer()).rejects.toThrow(/ended before it answered: .*ENOENT/);
});
