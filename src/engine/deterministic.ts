/**
 * Transcendental functions with the same bits on every device (DESIGN §3.2b): AssemblyScript's portable f64 Math compiled
 * into the kernel module. Whatever reaches θ, the data or a schedule goes through these; a browser's own Math may differ
 * from another's in the last place.
 */
import { EdgescopeError } from '../experiment/fault';

export interface DeterministicMath {
  exp(x: number): number;
  expm1(x: number): number;
  log(x: number): number;
  log1p(x: number): number;
  log2(x: number): number;
  log10(x: number): number;
  sin(x: number): number;
  cos(x: number): number;
  acos(x: number): number;
  atan2(y: number, x: number): number;
  tanh(x: number): number;
  pow(x: number, y: number): number;
}

/**
 * The functions from the kernel module or a running instance of it. Throws an `engine` fault where the module has no such
 * exports.
 */
export function deterministicMath(source: WebAssembly.Module | WebAssembly.Instance): DeterministicMath {
  const { exports } = source instanceof WebAssembly.Instance ? source : new WebAssembly.Instance(source);
  const pick = <K extends keyof DeterministicMath>(name: K): DeterministicMath[K] => {
    const found = exports[`math_${name}`];
    if (typeof found !== 'function') {
      throw new EdgescopeError('engine', `The kernel module has no "math_${name}": it belongs to another version.`);
    }
    return found as DeterministicMath[K];
  };
  return {
    exp: pick('exp'),
    expm1: pick('expm1'),
    log: pick('log'),
    log1p: pick('log1p'),
    log2: pick('log2'),
    log10: pick('log10'),
    sin: pick('sin'),
    cos: pick('cos'),
    acos: pick('acos'),
    atan2: pick('atan2'),
    tanh: pick('tanh'),
    pow: pick('pow'),
  };
}
