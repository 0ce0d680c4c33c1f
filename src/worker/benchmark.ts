/**
 * The Benchmark page's worker: starts who is asked for, lets them take turns, and reports what it finds. It is stopped by
 * being terminated; nothing else runs in it, so it never needs to give its thread back.
 */
import type { Entrant } from '../benchmark/entrant';
import { errorOf, QUICK, THOROUGH } from '../benchmark/harness';
import { measure } from '../benchmark/measure';
import { NAMES, SIZES, type EntrantId } from '../benchmark/report/subject';
import { startEngine, startInBrowser, type BrowserEntrantId, type Started } from '../benchmark/start';
import { deterministicMath, type DeterministicMath } from '../engine/deterministic';
import { createWasmEngine } from '../engine/landscape/wasm/engine';
import type { FromBenchmark, ToBenchmark } from './benchmark-protocol';
import { loadKernels } from './kernels';

const post = (message: FromBenchmark): void => postMessage(message);

function start(id: EntrantId, math: DeterministicMath): Promise<Started> {
  if (id === 'wasm') {
    const make = async () => ({ engine: await createWasmEngine(await loadKernels(), 'f32'), hardware: true });
    return startEngine(make, math);
  }
  if (id === 'pytorch') throw new Error('PyTorch runs in no browser');
  return startInBrowser(id satisfies BrowserEntrantId, math);
}

async function run({ problems, entrants: asked, quick }: ToBenchmark): Promise<void> {
  const math = deterministicMath(await loadKernels());
  const entrants: Entrant[] = [];
  for (const id of asked) {
    post({ type: 'doing', words: `starting ${NAMES[id]}`, share: 0 });
    try {
      const { entrant, device, startUpMs } = await start(id, math);
      entrants.push(entrant);
      post({ type: 'started', entrant: id, device, startUpMs });
    } catch (thrown) {
      post({ type: 'missing', entrant: id, reason: errorOf(thrown).message });
    }
  }
  for (const [i, problem] of problems.entries()) {
    await measure(SIZES[problem], entrants, quick ? QUICK : THOROUGH, {
      doing: (words, share) => {
        post({ type: 'doing', words: `${problem}: ${words}`, share: (i + share) / problems.length });
      },
      figures: (figures) => post({ type: 'figures', figures }),
    });
  }
  post({ type: 'done' });
}

addEventListener('message', (event: MessageEvent<ToBenchmark>) => {
  run(event.data).catch((thrown: unknown) => post({ type: 'failed', reason: errorOf(thrown).message }));
});
