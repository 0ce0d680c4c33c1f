/**
 * Which engine runs, and why. An explicit choice wins; otherwise WebGPU where the adapter is real hardware, else WASM: a
 * software adapter is a slow CPU in disguise, and TensorFlow.js is never the fastest. Every engine proves itself on a
 * fixed problem first; one that fails is passed over, and the reason is shown. DESIGN §3.2.
 */
import type { EngineChoice, Precision } from '../../experiment/experiment';
import { EdgescopeError, faultFrom } from '../../experiment/fault';
import type { Engine } from './landscape';
import { NotYet, WEBGPU_S, within } from './patience';
import { proven } from './selftest';

export interface EngineSource {
  /** Whether the device is hardware: known once the engine is made. */
  readonly hardware: boolean;
  readonly engine: Engine;
}

/** The first promise of those that fetch code is that for all of their code: a slow network is not a slow engine. */
export interface EngineMakers {
  wasm(precision: Precision): Promise<Engine>;
  /** What is made is null where there is no adapter. */
  webgpu(): Promise<() => Promise<EngineSource | null>>;
  tensorflow(): Promise<() => Promise<Engine>>;
}

export interface Choice {
  readonly engine: Engine;
  /** One clause for the page: why this engine. */
  readonly why: string;
  /** Where an engine was passed over that may be had another time: settles when that time has come. Null otherwise. */
  readonly later: Promise<void> | null;
}

/** How long the TensorFlow.js engine may take to be made, once its code and its backend's are there. */
const TENSORFLOW_S = 60;

const refusal = (why: string): EdgescopeError => new EdgescopeError('engine', why);

/** The WebGPU engine; `insist` takes a software adapter too. Rejects where there is none. */
async function webGpu(makers: EngineMakers, insist: boolean): Promise<Engine> {
  const make = await makers.webgpu();
  const made = await within(WEBGPU_S, 'WebGPU', make(), (late) => late?.engine.dispose());
  if (!made) throw refusal('this browser offers no WebGPU adapter');
  if (made.hardware || insist) return made.engine;
  made.engine.dispose();
  throw refusal('the only WebGPU adapter here is software');
}

async function tensorFlow(makers: EngineMakers): Promise<Engine> {
  const make = await makers.tensorflow();
  return within(TENSORFLOW_S, 'TensorFlow.js', make(), (late) => late.dispose());
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
  if (choice === 'wasm') return { engine: await wasm(makers, precision), why: 'asked for', later: null };
  let passedOver: unknown = refusal('64-bit precision needs it');
  if (precision === 'f32') {
    try {
      const made = choice === 'tensorflow' ? tensorFlow(makers) : webGpu(makers, choice === 'webgpu');
      const engine = await proven(await made);
      return { engine, why: choice === 'auto' ? 'a hardware GPU is here' : 'asked for', later: null };
    } catch (thrown) {
      passedOver = thrown;
    }
  }
  const engine = await wasm(makers, precision);
  const later = passedOver instanceof NotYet ? passedOver.later : null;
  return { engine, why: faultFrom(passedOver).message, later };
}
