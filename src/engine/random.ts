/**
 * Random numbers that are the same on every device and for ever. One experiment seed feeds independent streams by
 * name (data, init, probes, …), so that drawing from one never moves another. Generator: xoroshiro128+ (Blackman &
 * Vigna 2018) from `pure-rand`. The stream's state, the order of draws and the transforms below are part of every link
 * that was ever shared; fixtures freeze them.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { DeterministicMath } from './deterministic';

export type StreamName = 'data' | 'init' | 'batches' | 'probes' | 'selftest';

export interface RandomStream {
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal; takes two uniforms. */
  normal(): number;
}

/** The 32-bit finaliser of MurmurHash3 (Appleby 2011): every input bit moves every output bit. */
function finalise(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** FNV-1a (Fowler, Noll & Vo) over UTF-16 code units. */
function hashName(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h | 0;
}

/**
 * The stream of a seed (0 … 2³² − 1) and a name. State word i is finalise(seed′ + i·0x9e3779b9) ^ finalise(name hash
 * + i), where seed′ = finalise(seed + 1); `index` (such as a step) tells apart streams of one name.
 */
export function randomStream(math: DeterministicMath, seed: number, name: StreamName, index = 0): RandomStream {
  const base = finalise((seed + 1) | 0);
  const label = finalise(hashName(name) ^ finalise(index | 0));
  const state = Array.from(
    { length: 4 },
    (_, i) => finalise((base + Math.imul(i, 0x9e3779b9)) | 0) ^ finalise((label + i) | 0),
  );
  // An all-zero state is the generator's one fixed point.
  if (!state.some((word) => word !== 0)) state[0] = 1;
  const generator = xoroshiro128plusFromState(state);

  const uniform = (): number => {
    const high = generator.next() >>> 5;
    const low = generator.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  };
  return {
    uniform,
    // Box–Muller, cosine branch; 1 − u avoids log 0.
    normal: () => {
      const radius = Math.sqrt(-2 * math.log(1 - uniform()));
      return radius * math.cos(2 * Math.PI * uniform());
    },
  };
}
