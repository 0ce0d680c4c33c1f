/** Faults put in on purpose, where the app's worker and its kernels come from the server. */
import type { Page } from '@playwright/test';

const faults = new WeakMap<Page, string[]>();

/** Runs this, which can see nothing but its arguments, in the app's worker before the app's own code. */
export async function inWorker<A extends readonly unknown[]>(
  page: Page,
  fault: (...args: A) => void,
  ...args: A
): Promise<void> {
  const earlier = faults.get(page);
  const preludes = earlier ?? [];
  preludes.push(`(${fault.toString()})(...${JSON.stringify(args)});\n`);
  if (earlier) return;
  faults.set(page, preludes);
  await page.route('**/assets/entry-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: preludes.join('') + (await response.text()) });
  });
}

/** Changes the bytes of the kernels on their way to the app; without `change` they are not to be found. */
export async function withKernels(page: Page, change?: (bytes: Buffer) => Buffer): Promise<void> {
  await page.route('**/kernels-*.wasm', async (route) => {
    if (!change) return route.fulfill({ status: 404, body: 'Not found' });
    const response = await route.fetch();
    await route.fulfill({ response, body: change(await response.body()) });
  });
}

/** Numbers that say where things are rather than how much. */
const PLAIN = new Set([0, 1, -1, 0.5, 2]);
const [V128_CONST, LANES] = [[0xfd, 0x0c], 4];

/** The kernels with every constant vector of their f32 arithmetic one percent too large: still valid, and wrong. */
export function miscalculating(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  let found = 0;
  for (let at = changed.indexOf(Buffer.from(V128_CONST)); at >= 0;) {
    const values = Array.from({ length: LANES }, (_, lane) => changed.readFloatLE(at + 2 + 4 * lane));
    const magnitude = Math.abs(values[0]);
    if (values.every((x) => x === values[0]) && !PLAIN.has(values[0]) && magnitude > 1e-12 && magnitude < 1e4) {
      values.forEach((x, lane) => changed.writeFloatLE(1.01 * x, at + 2 + 4 * lane));
      found++;
    }
    at = changed.indexOf(Buffer.from(V128_CONST), at + 2);
  }
  if (found === 0) throw new Error('These kernels have no constant vector to change.');
  return changed;
}

/** Dresses every adapter of the worker as hardware by this name. */
export function dressAsHardware(name: string): void {
  Object.defineProperties(GPUAdapterInfo.prototype, {
    description: { get: () => name },
    vendor: { get: () => 'acme' },
    architecture: { get: () => 'rocket' },
    device: { get: () => '' },
    isFallbackAdapter: { get: () => false },
  });
}
