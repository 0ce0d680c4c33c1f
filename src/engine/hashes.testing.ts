/**
 * Test support: runs whose θ must come out the same to the bit wherever they are trained, with the hash that is pinned
 * for ever. Node asserts them beside this file; Chromium and Firefox in e2e/engine/hash.spec.ts, by the same code.
 */
import { decodeLink } from '../experiment/link';
import { generate } from './data/generators';
import { deterministicMath } from './deterministic';
import { fingerprint } from './fingerprint';
import { createWasmEngine } from './landscape/wasm/engine';
import { Run } from './run';

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
  { what: 'the default demo', link: '#/', hash: 'fed686eef008aaa2c46b1d0a57cc61ef36f9a125934f70f72842202ec14b7422' },
  {
    what: 'the default demo in 64 bits',
    link: '#/?precision=f64',
    hash: 'b771f31de00432accb2a3bae29b88906e59cc97d68823e61dd919c9c1880d24c',
  },
  {
    what: 'cross-entropy blobs',
    link: '#/?data=blobs&loss=ce',
    hash: '7b0328ac9f6be9f7e4bc10880077d3a6f3dc679cd0ebfb59982cc1f647c88fa1',
  },
  {
    what: 'cross-entropy blobs with gelu',
    link: '#/?data=blobs&loss=ce&act=gelu',
    hash: '94941612bf461862d7c110580de30009cbceaa14ac84708098a1364ae72fa8fc',
  },
  {
    what: 'mini-batch SGD in shuffled epochs',
    link: '#/?opt=sgd&batch=32',
    hash: 'd5a6eda6b68a2515992ab53a94a43ee8dab64f098a8712d9f4b6a73aa92d46a8',
  },
  {
    what: 'mini-batch SGD with replacement, cross-entropy blobs',
    link: '#/?data=blobs&loss=ce&opt=sgd&batch=7&sampling=replacement',
    hash: '7849da74721efb7a8bbe6204fa5c3479bb65f9421578ecfe8865c7bd06c0f5b0',
  },
];

/** Trains the run of a link up to HASHED_STEP on the WASM engine and hashes θ. Rejects where it diverges before. */
export async function hashOfRun(link: string, kernels: WebAssembly.Module): Promise<string> {
  const { experiment, remarks } = decodeLink(link);
  if (remarks.length > 0) throw new Error(`${link}: ${remarks[0].message}`);
  const math = deterministicMath(kernels);
  const engine = await createWasmEngine(kernels, experiment.precision);
  const run = await Run.create({ experiment, dataset: generate(experiment, math), engine, math });
  const taken = await run.advance(HASHED_STEP);
  if (taken !== HASHED_STEP) throw new Error(`${link} diverges at step ${taken}.`);
  const hash = fingerprint(await run.theta(), experiment.precision);
  run.dispose();
  engine.dispose();
  return hash;
}
