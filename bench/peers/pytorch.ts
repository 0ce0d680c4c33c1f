/** PyTorch as an entrant: a Python process that does what it is told, one line at a time (pytorch.py). */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Entrant } from '../../src/benchmark/entrant';
import { instanceOf, type Instance } from '../../src/benchmark/problems';

/** What the script reads: inputs, targets, θ and the direction as f32. */
function data({ problem, theta, direction }: Instance): Uint8Array {
  const parts = [problem.inputs, problem.targets, theta, direction];
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  return new Uint8Array(values.buffer);
}

/** `onVersion` hears the version of PyTorch that answered. */
export function pyTorchEntrant(python: string, onVersion: (version: string) => void): Entrant {
  return {
    id: 'pytorch',
    async prepare(size) {
      const folder = await mkdtemp(join(tmpdir(), 'edgescope-'));
      const [input, output] = [join(folder, 'problem'), join(folder, 'product')];
      await writeFile(input, data(instanceOf(size)));
      const script = join(import.meta.dirname, 'pytorch.py');
      const child = spawn(python, [script, size.sizes.join('-'), String(size.examples), input], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const answer = async (): Promise<Record<string, unknown>> => {
        const line = await lines.next();
        if (line.done === true) throw new Error('PyTorch ended before it answered.');
        return JSON.parse(line.value) as Record<string, unknown>;
      };
      const ask = (command: Record<string, unknown>): Promise<Record<string, unknown>> => {
        child.stdin.write(`${JSON.stringify(command)}\n`);
        return answer();
      };
      onVersion(String((await answer()).version));
      return {
        works: ['step', 'hvp', 'hvp-kept', 'lanczos20'],
        time: async (work, count) => Number((await ask({ work, count })).ms),
        async product() {
          await ask({ work: 'product', file: output });
          const bytes = await readFile(output);
          return new Float32Array(new Uint8Array(bytes).buffer);
        },
        note: () => null,
        dispose() {
          child.stdin.end();
          void rm(folder, { recursive: true, force: true });
        },
      };
    },
  };
}
