/**
 * Compiles the AssemblyScript kernels to build/kernels.wasm. Does nothing when the module is newer than everything it is
 * made from, so that any command may call it first. Plain SIMD only: relaxed SIMD would give up bit-exactness.
 *
 * AssemblyScript's `@inline` stands in the sources as the comment `// @inline` above a function, and is laid bare here:
 * TypeScript has no decorators of functions, and no formatter reads them.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
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
  const readFile = (name, baseDir) => {
    const path = join(baseDir, name);
    if (modified(path) === 0) return null;
    return readFileSync(path, 'utf8').replace(/^\/\/ @inline$/gm, '@inline');
  };
  const { error, stderr } = await asc.main(
    [
      file(join(here, 'index.ts')),
      ...['--baseDir', root, '--outFile', file(draft)],
      ...['--runtime', 'stub', '--enable', 'simd', '--noAssert'],
      ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge'],
    ],
    { readFile },
  );
  if (error) {
    rmSync(draft, { force: true });
    process.stderr.write(`${stderr.toString()}\nThe kernels do not compile: ${error.message}\n`);
    process.exit(1);
  }
  renameSync(draft, target);
}
