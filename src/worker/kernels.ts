/** The WASM kernels, fetched and compiled once a worker; after a failure once more by whoever asks next, past the cache. */
import kernelsUrl from '../../build/kernels.wasm?url';
import { compileKernels } from '../engine/landscape/wasm/engine';
import { EdgescopeError } from '../experiment/fault';

let kernels: Promise<WebAssembly.Module> | null = null;
let cache: RequestCache = 'default';

/** What was fetched is of no use. */
export function dropKernels(): void {
  kernels = null;
  cache = 'reload';
}

async function fetchKernels(): Promise<WebAssembly.Module> {
  let bytes: ArrayBuffer;
  try {
    const response = await fetch(kernelsUrl, { cache });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    bytes = await response.arrayBuffer();
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    throw new EdgescopeError('no-engine', `The engine could not be fetched (${words}): is the page’s server there?`);
  }
  return compileKernels(bytes);
}

export function loadKernels(): Promise<WebAssembly.Module> {
  if (!kernels) {
    kernels = fetchKernels();
    kernels.catch(dropKernels);
  }
  return kernels;
}
