/** PyTorch as a peer: a Python process that does what it is told, one line at a time (pytorch.py). */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Peer } from '../harness';
import { WORKS, type Size } from '../problems';

export interface PyTorch extends Peer {
  readonly version: string;
  close(): void;
}

export async function startPyTorch(python: string, { sizes, examples }: Size): Promise<PyTorch> {
  const script = join(import.meta.dirname, 'pytorch.py');
  const child = spawn(python, [script, sizes.join('-'), String(examples)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('PyTorch ended before it answered.');
    return JSON.parse(line.value) as Record<string, unknown>;
  };
  const first = await answer();
  return {
    name: 'pytorch',
    version: String(first.version),
    works: WORKS,
    async batch(work, count) {
      child.stdin.write(`${JSON.stringify({ work, count })}\n`);
      return Number((await answer()).ms);
    },
    close: () => child.stdin.end(),
  };
}
