/**
 * Patience with what may never answer: drivers have been seen to leave `requestAdapter` and the mapping of a buffer
 * pending for ever, and a page that waits with them hangs without a word.
 */
import { EdgescopeError } from '../../experiment/fault';

/** How long WebGPU may take to bring up a device. */
export const WEBGPU_S = 10;

/** An `engine` fault that may pass. */
export class NotYet extends EdgescopeError {
  /** Settles when it is worth while to try again; never where nobody can tell. */
  readonly later: Promise<void>;

  constructor(message: string, later: Promise<void>, detail?: string) {
    super('engine', message, detail);
    this.later = later;
  }
}

/**
 * What the work comes to, or after so many seconds a rejection with a `NotYet` that says who did not answer, and whose
 * `later` settles if the value comes all the same. That value is handed to `late`.
 */
export async function within<T>(
  seconds: number,
  who: string,
  work: Promise<T>,
  late: (value: T) => void = () => undefined,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const later = new Promise<void>((resolve) => {
    work.then(
      (value) => {
        if (over) late(value);
        resolve();
      },
      () => undefined, // whoever still waits is told below
    );
  });
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      over = true;
      reject(new NotYet(`${who} did not answer within ${seconds} seconds`, later));
    }, 1000 * seconds);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
