/**
 * The linear memory of one instance, handed out once from the bottom up and never given back: a landscape lives and dies
 * with its instance. Views are renewed when the memory grows, which only `allocate` can cause.
 */
import type { Precision } from '../../../experiment/experiment';
import { EdgescopeError } from '../../../experiment/fault';

const PAGE = 65536;
/** Everything starts on a cache line. */
const ALIGNMENT = 64;
const ADDRESSABLE = 4294967296;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

export class Arena {
  readonly scalarBytes: 4 | 8;
  /** Memory as f64, for device scalars. */
  doubles: Float64Array;
  /** Memory as u32, for records. */
  words: Uint32Array;
  /** Memory as bytes. */
  bytes: Uint8Array;
  /** Memory as scalars of the precision. */
  values: Float32Array | Float64Array;
  readonly #memory: WebAssembly.Memory;
  #next: number;

  constructor(memory: WebAssembly.Memory, heapBase: number, precision: Precision) {
    this.#memory = memory;
    this.#next = aligned(heapBase);
    this.scalarBytes = precision === 'f32' ? 4 : 8;
    this.doubles = new Float64Array(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
    this.bytes = new Uint8Array(memory.buffer);
    this.values = precision === 'f32' ? new Float32Array(memory.buffer) : this.doubles;
  }

  /** Address of `bytes` zero bytes. Throws a `too-large` fault where memory cannot be had. */
  allocate(bytes: number): number {
    const at = this.#next;
    const end = at + aligned(bytes);
    const pages = Math.ceil((end - this.#memory.buffer.byteLength) / PAGE);
    if (end > ADDRESSABLE) throw tooLarge(end);
    if (pages > 0) {
      try {
        this.#memory.grow(pages);
      } catch {
        throw tooLarge(end);
      }
      this.doubles = new Float64Array(this.#memory.buffer);
      this.words = new Uint32Array(this.#memory.buffer);
      this.bytes = new Uint8Array(this.#memory.buffer);
      this.values = this.scalarBytes === 4 ? new Float32Array(this.#memory.buffer) : this.doubles;
    }
    this.#next = end;
    return at;
  }
}

function tooLarge(bytes: number): EdgescopeError {
  const size = bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
  return new EdgescopeError(
    'too-large',
    `This problem needs ${size} or more of WebAssembly memory, which cannot be had here: use fewer examples, narrower ` +
      'layers or fewer lanes.',
  );
}
