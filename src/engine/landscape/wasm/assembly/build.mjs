/**
 * Compiles the AssemblyScript kernels to build/kernels.wasm. Does nothing when the module is newer than everything it is
 * made from, so that any command may call it first. Plain SIMD only: relaxed SIMD would give up bit-exactness.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../../../..');
const target = join(root, 'build/kernels.wasm');

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

const inputs = [
  ...readdirSync(here).map((name) => join(here, name)),
  join(root, 'node_modules/assemblyscript/package.json'),
];
if (modified(target) <= Math.max(...inputs.map(modified))) {
  const asc = await import('assemblyscript/asc');
  mkdirSync(dirname(target), { recursive: true });
  // Written beside the target and renamed, so that no reader ever sees half a module.
  const draft = `${target}.${process.pid}`;
  const file = (path) => relative(root, path).replaceAll('\\', '/');
  const { error, stderr } = await asc.main([
    file(join(here, 'index.ts')),
    ...['--baseDir', root, '--outFile', file(draft)],
    ...['--runtime', 'stub', '--enable', 'simd', '--noAssert'],
    ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge'],
  ]);
  if (error) {
    rmSync(draft, { force: true });
    process.stderr.write(`${stderr.toString()}\nThe kernels do not compile: ${error.message}\n`);
    process.exit(1);
  }
  renameSync(draft, target);
}
