/** PyTorch as an entrant: a Python process that does what it is told, one line at a time (pytorch.py). */
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entrant } from '../../src/benchmark/entrant';
import { instanceOf, type Instance } from '../../src/benchmark/problems';
import { dialogue, type Dialogue } from './dialogue';

/** Twenty products of the largest problem take a tenth of it. */
const PATIENCE_MS = 300_000;

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
      const args = [join(import.meta.dirname, 'pytorch.py'), size.sizes.join('-'), String(size.examples), input];
      let script: Dialogue | null = null;
      const dispose = (): void => {
        script?.end();
        rmSync(folder, { recursive: true, force: true });
      };
      try {
        await writeFile(input, data(instanceOf(size)));
        const told = dialogue('PyTorch', python, args, PATIENCE_MS);
        script = told;
        onVersion(String((await told.answer()).version));
        return {
          works: ['step', 'hvp', 'hvp-kept', 'lanczos20'],
          time: async (work, count) => Number((await told.ask({ work, count })).ms),
          async product() {
            await told.ask({ work: 'product', file: output });
            const bytes = await readFile(output);
            return new Float32Array(new Uint8Array(bytes).buffer);
          },
          note: () => null,
          dispose,
        };
      } catch (thrown) {
        dispose();
        throw thrown;
      }
    },
  };
}
