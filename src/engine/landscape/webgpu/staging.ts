/** The buffers that the host reads from: those free again are used again, and a new one is a power of two long. */
const FEWEST_BYTES = 4096;

export class Staging {
  readonly #gpu: GPUDevice;
  readonly #free: GPUBuffer[] = [];

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  /** A buffer of at least so many bytes, to be given back. */
  take(bytes: number): GPUBuffer {
    const i = this.#free.findIndex((buffer) => buffer.size >= bytes);
    if (i >= 0) return this.#free.splice(i, 1)[0];
    let size = FEWEST_BYTES;
    while (size < bytes) size *= 2;
    return this.#gpu.createBuffer({
      label: 'staging',
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }

  /** `buffer` is unmapped, and nobody uses it any more. */
  giveBack(buffer: GPUBuffer): void {
    this.#free.push(buffer);
  }
}
