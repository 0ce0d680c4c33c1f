/**
 * Promises that all end early, with one fault, once what they wait for is gone: a lost device, a disposed landscape. A
 * set of them, since racing each against one long-lived promise would pile up reactions on it.
 */
import type { EdgescopeError } from '../../../experiment/fault';

export class Waiting {
  #fault: EdgescopeError | null = null;
  readonly #rejects = new Set<(fault: EdgescopeError) => void>();

  /** The first fault; everything guarded rejects with it from then on. */
  get fault(): EdgescopeError | null {
    return this.#fault;
  }

  fail(fault: EdgescopeError): void {
    this.#fault ??= fault;
    for (const reject of this.#rejects) reject(this.#fault);
    this.#rejects.clear();
  }

  /** The promise, or a rejection as soon as there is a fault. */
  guard<T>(work: Promise<T>): Promise<T> {
    if (this.#fault) {
      work.catch(() => undefined); // the fault is the cause of whatever this is
      return Promise.reject(this.#fault);
    }
    return new Promise<T>((resolve, reject) => {
      this.#rejects.add(reject);
      const over = (): void => void this.#rejects.delete(reject);
      work.then(resolve, reject);
      work.then(over, over);
    });
  }
}
