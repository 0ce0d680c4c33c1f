/** The worker under hash.ts: a link in, the hash of its run out. */
import kernelsUrl from '../../build/kernels.wasm?url';
import { hashOfRun } from '../../src/engine/hashes.testing';
import { compileKernels } from '../../src/engine/landscape/wasm/engine';
import type { Answer } from './hash';

async function answer(link: string): Promise<Answer> {
  try {
    const kernels = await compileKernels(await (await fetch(kernelsUrl)).arrayBuffer());
    return { hash: await hashOfRun(link, kernels) };
  } catch (thrown) {
    return { error: String(thrown) };
  }
}

addEventListener('message', ({ data }: MessageEvent<string>) => void answer(data).then((said) => postMessage(said)));
