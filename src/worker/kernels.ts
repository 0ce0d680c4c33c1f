/** The WASM kernels, fetched and compiled once a worker; after a failure once more by whoever asks next. */
import kernelsUrl from '../../build/kernels.wasm?url';
import { compileKernels } from '../engine/landscape/wasm/engine';
import { EdgescopeError } from '../experiment/fault';

let kernels: Promise<WebAssembly.Module> | null = null;

async function fetchKernels(): Promise<WebAssembly.Module> {
  const response = await fetch(kernelsUrl);
  if (!response.ok) {
    throw new EdgescopeError(
      'engine',
      `The engine could not be fetched (HTTP ${response.status}): is the page’s server there?`,
    );
  }
  return compileKernels(await response.arrayBuffer());
}

export function loadKernels(): Promise<WebAssembly.Module> {
  if (!kernels) {
    kernels = fetchKernels();
    kernels.catch(() => (kernels = null));
  }
  return kernels;
}
