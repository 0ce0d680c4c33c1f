/**
 * The exports of build/kernels.wasm, typed. The module holds every kernel for both precisions; one `Kernels` object is
 * the set of one precision on one instance, and with it the memory that the pointers point into.
 */
import type { Precision } from '../../../experiment/experiment';
import { EdgescopeError } from '../../../experiment/fault';

/** Pointers and byte distances are unsigned 32-bit integers; n counts scalars. Meanings: `assembly/`. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  /** First byte that the module does not use itself. */
  readonly heapBase: number;
  /** Bytes of a problem's `panels` by the widest layer and the number of blocks. */
  panelBytes(widest: number, blocks: number): number;
  outputs(problem: number, state: number, theta: number): void;
  value(problem: number, state: number, theta: number): number;
  gradient(problem: number, state: number, theta: number, out: number): number;
  linearise(problem: number, state: number, theta: number): void;
  hessianProduct(problem: number, kept: number, work: number, v: number, out: number): void;
  /** Copies the examples listed at `indices` (`size` u32) into the Problem `part`, whose records these must fit. */
  gather(full: number, state: number, part: number, indices: number, size: number): void;
  dot(x: number, y: number, n: number): number;
  scale(a: number, x: number, n: number): void;
  axpy(a: number, x: number, y: number, n: number): void;
  normalise(x: number, out: number, reference: number, n: number): number;
  orthogonalise(x: number, q: number, step: number, count: number, coefficients: number, n: number): void;
  combine(
    q: number,
    step: number,
    coefficients: number,
    coefficientStep: number,
    count: number,
    out: number,
    n: number,
  ): void;
}

function exported<T>(instance: WebAssembly.Instance, name: string): T {
  const value: unknown = instance.exports[name];
  if (value === undefined) {
    throw new EdgescopeError(
      'engine',
      `The kernel module has no "${name}": it belongs to another version of the page.`,
    );
  }
  return value as T;
}

/** A fresh instance of the module with a memory of its own, seen at one precision. */
export function instantiate(module: WebAssembly.Module, precision: Precision): Kernels {
  const instance = new WebAssembly.Instance(module);
  const kernel = <K extends keyof Kernels>(name: K): Kernels[K] => exported(instance, `${precision}_${name}`);
  return {
    memory: exported<WebAssembly.Memory>(instance, 'memory'),
    heapBase: exported<() => number>(instance, 'heapBase')(),
    panelBytes: exported<Kernels['panelBytes']>(instance, 'panelBytes'),
    outputs: kernel('outputs'),
    value: kernel('value'),
    gradient: kernel('gradient'),
    linearise: kernel('linearise'),
    hessianProduct: kernel('hessianProduct'),
    gather: kernel('gather'),
    dot: kernel('dot'),
    scale: kernel('scale'),
    axpy: kernel('axpy'),
    normalise: kernel('normalise'),
    orthogonalise: kernel('orthogonalise'),
    combine: kernel('combine'),
  };
}
