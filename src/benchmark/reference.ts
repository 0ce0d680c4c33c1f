/** The product that everybody must come to: that of the WASM engine in 64 bits, whoever takes part. */
import { createWasmEngine } from '../engine/landscape/wasm/engine';
import { productOn } from './engine';
import { instanceOf } from './problems';
import type { Size } from './report/subject';

/** The Hessian times the direction of the problem's instance, [P]. */
export async function referenceProduct(kernels: WebAssembly.Module, size: Size): Promise<Float64Array> {
  const instance = instanceOf(size);
  const engine = await createWasmEngine(kernels, 'f64');
  const landscape = await engine.landscape(instance.problem);
  try {
    return await productOn(landscape, instance);
  } finally {
    landscape.dispose();
    engine.dispose();
  }
}
