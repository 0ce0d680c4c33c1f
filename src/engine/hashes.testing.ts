/**
 * Test support: runs whose θ must come out the same to the bit wherever they are trained, with the hash that is pinned
 * for ever. Node asserts them beside this file; Chromium and Firefox in e2e/engine/hash.spec.ts, by the same code.
 */
import { decodeLink } from '../experiment/link';
import { fingerprint } from './fingerprint';
import { createWasmEngine } from './landscape/wasm/engine';
import { runOf } from './linked.testing';

/** The step at which θ is hashed. */
export const HASHED_STEP = 2000;

export interface HashedRun {
  readonly what: string;
  readonly link: string;
  /** SHA-256 of θ at HASHED_STEP (fingerprint.ts). */
  readonly hash: string;
}

/** A change here means that every link of this kind made so far replays another run. */
export const HASHED_RUNS: readonly HashedRun[] = [
  { what: 'the default demo', link: '#/', hash: '34b7f398a6d87b0a7736a21c43bbee6dfd62fa475b8568ed154da76ddceccb35' },
  {
    what: 'the default demo in 64 bits',
    link: '#/?precision=f64',
    hash: '03bca91ddb80398edb64306f60e99f7ba79074d7661b2922ceaac02c5492d67a',
  },
  {
    what: 'cross-entropy blobs',
    link: '#/?data=blobs&loss=ce',
    hash: '385818a0ef2f32ea533e053cae21592f750e28e0b80b89958263e06defcf3d24',
  },
  {
    what: 'cross-entropy blobs with gelu',
    link: '#/?data=blobs&loss=ce&act=gelu',
    hash: 'ea8b93ee3750849e003ba3e9a0c4ee1076123ab87d3003bb8da2105dc0c3ca30',
  },
  {
    what: 'mini-batch SGD in shuffled epochs',
    link: '#/?opt=sgd&batch=32',
    hash: '8c6ce45b1c394c1160851b28d9916c1b3b98b672d20055a50b922ecbd1e9d595',
  },
  {
    what: 'mini-batch SGD with replacement, cross-entropy blobs',
    link: '#/?data=blobs&loss=ce&opt=sgd&batch=7&sampling=replacement',
    hash: '7849da74721efb7a8bbe6204fa5c3479bb65f9421578ecfe8865c7bd06c0f5b0',
  },
];

/** Trains the run of a link up to HASHED_STEP on the WASM engine and hashes θ. Rejects where it diverges before. */
export async function hashOfRun(link: string, kernels: WebAssembly.Module): Promise<string> {
  const { precision } = decodeLink(link).experiment;
  const engine = await createWasmEngine(kernels, precision);
  const run = await runOf(link, engine, kernels);
  const taken = await run.advance(HASHED_STEP);
  if (taken !== HASHED_STEP) throw new Error(`${link} diverges at step ${taken}.`);
  const hash = fingerprint(await run.theta(), precision);
  run.dispose();
  engine.dispose();
  return hash;
}
