/**
 * The linear memory of one instance, handed out once from the bottom up and never given back: a landscape lives and dies
 * with its instance. Views are renewed when the memory grows, which only `allocate` and `together` can cause.
 */
import type { Precision } from '../../../experiment/experiment';
import { EdgescopeError } from '../../../experiment/fault';

const PAGE = 65536;
/** Everything starts on a cache line. */
const ALIGNMENT = 64;
const ADDRESSABLE = 4294967296;
/**
 * Memory grows by what is asked for and an eighth of all, within these bounds (1 and 16 MiB), so that vectors made one by
 * one seldom make it grow: growing renews every view, and may copy the memory. Pages that nobody has written cost
 * addresses only.
 */
const LEAST_SPARE = 1048576;
const MOST_SPARE = 16777216;

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
  /** Within `together`: memory is not there yet. */
  #placing = false;

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
    if (end > ADDRESSABLE) throw tooLarge(end);
    if (!this.#placing) this.#reach(end);
    this.#next = end;
    return at;
  }

  /**
   * What `place` returns. Its allocations are had at once when it is through, so that memory grows no more than once; it
   * must not touch them. Throws as `allocate` does, and has then allocated nothing.
   */
  together<T>(place: () => T): T {
    const before = this.#next;
    this.#placing = true;
    try {
      const placed = place();
      this.#reach(this.#next);
      return placed;
    } catch (thrown) {
      this.#next = before;
      throw thrown;
    } finally {
      this.#placing = false;
    }
  }

  /** Grows the memory to `end` bytes or more. */
  #reach(end: number): void {
    const held = this.#memory.buffer.byteLength;
    if (end <= held) return;
    const spare = Math.min(Math.max(end / 8, LEAST_SPARE), MOST_SPARE);
    const generous = Math.min(end + spare, ADDRESSABLE);
    if (!this.#grow(generous - held) && !this.#grow(end - held)) throw tooLarge(end);
    this.doubles = new Float64Array(this.#memory.buffer);
    this.words = new Uint32Array(this.#memory.buffer);
    this.bytes = new Uint8Array(this.#memory.buffer);
    this.values = this.scalarBytes === 4 ? new Float32Array(this.#memory.buffer) : this.doubles;
  }

  /** False where so many bytes more cannot be had. */
  #grow(bytes: number): boolean {
    try {
      this.#memory.grow(Math.ceil(bytes / PAGE));
      return true;
    } catch {
      return false;
    }
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
