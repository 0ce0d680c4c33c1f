/** Unit tests, in Node: they stand beside the file they test. The browser's tests are Playwright's (e2e/). */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', '.ci/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: ['src/engine/landscape/wasm/assembly/**'],
    environment: 'node',
    // The claims train whole networks; two slow cores shared with a browser need patience.
    testTimeout: 60_000,
  },
});
