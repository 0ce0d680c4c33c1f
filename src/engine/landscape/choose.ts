/**
 * Which engine runs, and why. An explicit choice wins; otherwise WebGPU where the adapter is real hardware, else WASM: a
 * software adapter is a slow CPU in disguise, and TensorFlow.js is never the fastest. Every engine proves itself on a
 * fixed problem first; one that fails is passed over, and the reason is shown. DESIGN §3.2.
 */
import type { EngineChoice, Precision } from '../../experiment/experiment';
import { EdgescopeError, faultFrom } from '../../experiment/fault';
import type { Engine } from './landscape';
import { WEBGPU_S, within } from './patience';
import { proven } from './selftest';

export interface EngineSource {
  /** Whether the device is hardware: known once the engine is made. */
  readonly hardware: boolean;
  readonly engine: Engine;
}

export interface EngineMakers {
  wasm(precision: Precision): Promise<Engine>;
  /** Null where there is no WebGPU at all. */
  webgpu(): Promise<EngineSource | null>;
  tensorflow(): Promise<Engine>;
}

export interface Choice {
  readonly engine: Engine;
  /** One clause for the page: why this engine. */
  readonly why: string;
}

/** How long the TensorFlow.js engine may take to be made: it is large to fetch. */
const TENSORFLOW_S = 60;

/** The WebGPU engine, or why there is none; `insist` takes a software adapter too. */
async function webGpu(makers: EngineMakers, insist: boolean): Promise<Engine | string> {
  const made = await within(WEBGPU_S, 'WebGPU', makers.webgpu(), (late) => late?.engine.dispose());
  if (!made) return 'this browser offers no WebGPU adapter';
  if (made.hardware || insist) return made.engine;
  made.engine.dispose();
  return 'the only WebGPU adapter here is software';
}

/** The engine made, once it has passed its self-test, or why it cannot be used. */
async function attempt(make: () => Promise<Engine | string>): Promise<Engine | string> {
  try {
    const made = await make();
    return typeof made === 'string' ? made : await proven(made);
  } catch (thrown) {
    return faultFrom(thrown).message;
  }
}

function tensorFlow(makers: EngineMakers): Promise<Engine> {
  return within(TENSORFLOW_S, 'TensorFlow.js', makers.tensorflow(), (late) => late.dispose());
}

/** The engine that every other falls back to. Rejects with a `no-engine` fault where not even this one works. */
async function wasm(makers: EngineMakers, precision: Precision): Promise<Engine> {
  try {
    return await proven(await makers.wasm(precision));
  } catch (thrown) {
    const { message, detail } = faultFrom(thrown);
    throw new EdgescopeError('no-engine', message, detail);
  }
}

/** Resolves with an engine that has passed its self-test; rejects with a `no-engine` fault where none does. */
export async function chooseEngine(choice: EngineChoice, precision: Precision, makers: EngineMakers): Promise<Choice> {
  let refusal: string | null = null;
  if (choice !== 'wasm' && precision === 'f32') {
    const result = await attempt(
      choice === 'tensorflow' ? () => tensorFlow(makers) : () => webGpu(makers, choice === 'webgpu'),
    );
    if (typeof result !== 'string') {
      return { engine: result, why: choice === 'auto' ? 'a hardware GPU is here' : 'asked for' };
    }
    refusal = result;
  }
  const engine = await wasm(makers, precision);
  if (choice === 'wasm') return { engine, why: 'asked for' };
  return { engine, why: refusal ?? '64-bit precision needs it' };
}
