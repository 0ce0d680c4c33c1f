/** The pinned hashes in Node. */
import { describe, expect, it } from 'vitest';
import { HASHED_RUNS, HASHED_STEP, hashOfRun } from './hashes.testing';
import { readKernels } from './landscape/wasm/node';

const kernels = await readKernels();

describe(`θ at step ${HASHED_STEP}, to the bit`, () => {
  it.each(HASHED_RUNS)('$what', async ({ link, hash }) => {
    expect(await hashOfRun(link, kernels)).toBe(hash);
  });
});
