/**
 * Firefox looks for finished work every 100 ms only (Bugzilla 1870699), unless something is submitted meanwhile: so
 * something is, for as long as somebody waits.
 */
const EVERY_MS = 1;

export class Nudge {
  readonly #gpu: GPUDevice;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#gpu.queue.submit([]), EVERY_MS);
  }

  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
