/** The kernels in Node, for the command line and the tests; the page fetches the same file. */
import { readFile } from 'node:fs/promises';
import { compileKernels } from './engine';

const FILE = new URL('../../../../build/kernels.wasm', import.meta.url);

/** Compiles build/kernels.wasm, which `npm run kernels` makes. */
export async function readKernels(): Promise<WebAssembly.Module> {
  return compileKernels(await readFile(FILE));
}
