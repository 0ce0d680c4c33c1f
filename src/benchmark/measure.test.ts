import { describe, expect, it } from 'vitest';
import type { Entrant, Workload } from './entrant';
import type { Thoroughness } from './harness';
import { measure, relativeDifference } from './measure';
import { SIZES, type EntrantId, type Figure, type Work } from './report/subject';

const ONCE: Thoroughness = { batchMs: 1, rounds: 1, fewestRounds: 1, patienceMs: 0, slowMs: 1e9, longestMs: 1000 };
/** What a figure says beside its milliseconds. */
const once = { batches: 1, missing: null, note: null };

function entrant(id: EntrantId, works: Partial<Record<Work, number>>, product: number[], log: string[] = []): Entrant {
  const workload: Workload = {
    works: Object.keys(works) as Work[],
    time: (work, count) => Promise.resolve(count * (works[work] ?? NaN)),
    product: () => Promise.resolve(product),
    note: () => null,
    dispose: () => void log.push(`${id} disposed`),
  };
  return { id, prepare: () => Promise.resolve(workload) };
}

async function figuresOf(entrants: readonly Entrant[], reference: number[]): Promise<Figure[]> {
  const found: Figure[] = [];
  await measure(SIZES.tiny, entrants, reference, ONCE, {
    doing: () => {},
    figures: (more) => void found.push(...more),
  });
  return found;
}

describe('measure', () => {
  it('gives a figure for every work of every entrant', async () => {
    const found = await figuresOf(
      [entrant('wasm', { step: 2, gradient: 3, hvp: 4 }, [1, 2]), entrant('pytorch', { step: 8 }, [1, 2])],
      [1, 2],
    );
    expect(found).toEqual([
      { problem: 'tiny', work: 'step', entrant: 'wasm', ms: 2, ...once },
      { problem: 'tiny', work: 'step', entrant: 'pytorch', ms: 8, ...once },
      { problem: 'tiny', work: 'gradient', entrant: 'wasm', ms: 3, ...once },
      { problem: 'tiny', work: 'hvp', entrant: 'wasm', ms: 4, ...once },
    ]);
  });

  it('times nobody whose product is another, and says so', async () => {
    const log: string[] = [];
    const found = await figuresOf(
      [entrant('wasm', { step: 2 }, [1, 2], log), entrant('tfjs-webgpu', { step: 1 }, [1, 2.1], log)],
      [1, 2],
    );
    expect(found).toContainEqual(expect.objectContaining({ entrant: 'wasm', ms: 2 }));
    const [wrong] = found.filter((figure) => figure.entrant === 'tfjs-webgpu');
    expect(wrong).toMatchObject({
      ms: null,
      missing: 'failed',
      note: 'its product differs by 0.045 from that of the WASM engine in 64 bits',
    });
    expect(log).toEqual(['tfjs-webgpu disposed', 'wasm disposed']);
  });

  it('leaves out a Lanczos run that would take too long, and says so', async () => {
    const found = await figuresOf(
      [entrant('wasm', { hvp: 50, lanczos20: 1000 }, [1]), entrant('tensorflow', { hvp: 51, lanczos20: 1020 }, [1])],
      [1],
    );
    expect(found.filter(({ work }) => work === 'lanczos20')).toEqual([
      { problem: 'tiny', work: 'lanczos20', entrant: 'wasm', ms: 1000, ...once },
      {
        problem: 'tiny',
        work: 'lanczos20',
        entrant: 'tensorflow',
        ms: null,
        batches: 0,
        missing: 'too long',
        note: 'left out, a single one would take more than 1 s',
      },
    ]);
  });

  it('does not try a Lanczos run of products that took too long already', async () => {
    const found = await figuresOf([entrant('tensorflow', { hvp: 1001, lanczos20: 20_020 }, [1])], [1]);
    expect(found.map(({ work, missing, note }) => [work, missing, note])).toEqual([
      ['hvp', 'too long', 'left out, a single one took more than 1 s'],
      ['lanczos20', 'too long', 'left out, a single one would take more than 1 s'],
    ]);
  });

  it('goes on without one that cannot be made ready', async () => {
    const broken: Entrant = { id: 'jax-js', prepare: () => Promise.reject(new Error('out of memory')) };
    const found = await figuresOf([broken, entrant('wasm', { step: 2 }, [1, 2])], [1, 2]);
    expect(found).toEqual([
      {
        problem: 'tiny',
        work: null,
        entrant: 'jax-js',
        ms: null,
        batches: 0,
        missing: 'failed',
        note: 'out of memory',
      },
      { problem: 'tiny', work: 'step', entrant: 'wasm', ms: 2, ...once },
    ]);
  });
});

describe('progress', () => {
  it('goes up from 0 and says what comes next', async () => {
    const said: [string, number][] = [];
    await measure(SIZES.tiny, [entrant('wasm', { step: 2 }, [1])], [1], ONCE, {
      doing: (words, share) => void said.push([words, share]),
      figures: () => {},
    });
    expect([...new Set(said.map(([words]) => words))]).toEqual(['preparing WASM', 'steps and products', 'sharpness']);
    const shares = said.map(([, share]) => share);
    expect(shares[0]).toBe(0);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThan(1);
  });
});

describe('relativeDifference', () => {
  it('is ‖a − b‖ / ‖b‖, and no number where lengths differ', () => {
    expect(relativeDifference([3, 4.5], [3, 4])).toBeCloseTo(0.1, 15);
    expect(relativeDifference([1], [1, 2])).toBeNaN();
  });
});
