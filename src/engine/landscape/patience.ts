/**
 * Patience with what may never answer: drivers have been seen to leave `requestAdapter` and the mapping of a buffer
 * pending for ever, and a page that waits with them hangs without a word.
 */
import { EdgescopeError } from '../../experiment/fault';

/** How long WebGPU may take to bring up a device. */
export const WEBGPU_S = 10;

/**
 * What the work comes to, or after so many seconds a rejection with an `engine` fault that says who did not answer. A
 * value that comes later all the same is handed to `late`.
 */
export async function within<T>(
  seconds: number,
  who: string,
  work: Promise<T>,
  late: (value: T) => void = () => undefined,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      over = true;
      reject(new EdgescopeError('engine', `${who} did not answer within ${seconds} seconds`));
    }, 1000 * seconds);
  });
  work.then(
    (value) => over && late(value),
    () => undefined, // whoever still waits is told below
  );
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
