/** The engines in words: their names, and why a run is on the one it is on. */
import type { EngineChoice, EngineId, Remark } from './experiment';

export const ENGINE_NAMES: Readonly<Record<EngineId, string>> = {
  wasm: 'WebAssembly',
  webgpu: 'WebGPU',
  tensorflow: 'TensorFlow.js',
};

/** A message as the second half of a sentence. */
function clause(message: string): string {
  return message.replace(/^(The|This)\b/, (first) => first.toLowerCase()).replace(/\.$/, '');
}

function passedOver(asked: EngineId, why: string): string {
  return `${ENGINE_NAMES[asked]} was asked for, but ${clause(why)}`;
}

/** The remark on a run that is not on the engine asked for; `again`: the next run asks for that one again. */
export function engineRefusal(engine: EngineId, asked: EngineId, why: string, again: boolean): Remark {
  const further = again ? '; the next run asks again' : '';
  return { key: 'engine', message: `${passedOver(asked, why)}: the run is on ${ENGINE_NAMES[engine]}${further}.` };
}

/**
 * What a run is on and why, as one sentence.
 *
 * @param asked what the setting says
 * @param why what the choice of the engine came with: the reason for it, or why another one was passed over
 */
export function engineReason(engine: EngineId, asked: EngineChoice, why: string): string {
  const name = ENGINE_NAMES[engine];
  if (asked === engine) return `Running on ${name}, which the setting “Engine” asks for.`;
  if (asked === 'auto') return `Running on ${name}, chosen automatically: ${clause(why)}.`;
  return `Running on ${name}: ${passedOver(asked, why)}.`;
}
