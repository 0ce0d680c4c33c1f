/**
 * The WASM engine: makes landscapes on the CPU, one thread, bit-identical on every browser and processor. It needs
 * nothing but WebAssembly SIMD, which every current browser and Node have.
 */
import type { Precision } from '../../../experiment/experiment';
import { EdgescopeError } from '../../../experiment/fault';
import type { Device, Engine, Problem } from '../landscape';
import { WasmLandscape } from './landscape';

/** The compiled kernels from the bytes of build/kernels.wasm. Throws a `no-engine` fault where they do not compile. */
export async function compileKernels(bytes: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (thrown) {
    throw new EdgescopeError(
      'no-engine',
      'The engine could not be compiled: its file is damaged, or WebAssembly SIMD is missing here, which browsers since ' +
        '2023 and Node 20 have.',
      thrown instanceof Error ? thrown.message : String(thrown),
    );
  }
}

/** An engine from build/kernels.wasm, compiled or as bytes. */
export async function createWasmEngine(
  source: WebAssembly.Module | BufferSource,
  precision: Precision,
): Promise<Engine> {
  const module = source instanceof WebAssembly.Module ? source : await compileKernels(source);
  const device: Device = { engine: 'wasm', name: 'WebAssembly SIMD (one thread)', precision, deterministic: true };
  return {
    device,
    landscape: (problem: Problem) => new Promise((resolve) => resolve(new WasmLandscape(module, device, problem))),
    lost: new Promise<string>(() => {}),
    dispose: () => {},
  };
}
