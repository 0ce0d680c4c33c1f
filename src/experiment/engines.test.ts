/** Why a run is on its engine, in one sentence. */
import { describe, expect, it } from 'vitest';
import { engineReason, engineRefusal } from './engines';

describe('the reason for an engine', () => {
  it('is the setting where that is obeyed', () => {
    expect(engineReason('webgpu', 'webgpu', 'asked for')).toBe(
      'Running on WebGPU, which the setting “Engine” asks for.',
    );
  });

  it('is what was found here where the page chose', () => {
    expect(engineReason('wasm', 'auto', 'the only WebGPU adapter here is software')).toBe(
      'Running on WebAssembly, chosen automatically: the only WebGPU adapter here is software.',
    );
    expect(engineReason('webgpu', 'auto', 'a hardware GPU is here')).toBe(
      'Running on WebGPU, chosen automatically: a hardware GPU is here.',
    );
  });

  it('is why the one asked for cannot be had, whether that comes as a clause or as a sentence', () => {
    const said = 'Running on WebAssembly: WebGPU was asked for, but the GPU was lost.';
    for (const why of ['the GPU was lost', 'The GPU was lost.']) expect(engineReason('wasm', 'webgpu', why)).toBe(said);
    expect(engineReason('wasm', 'tensorflow', 'TensorFlow.js did not answer within 60 seconds')).toBe(
      'Running on WebAssembly: TensorFlow.js was asked for, but TensorFlow.js did not answer within 60 seconds.',
    );
  });
});

it('is told in a remark, too, which says what comes next', () => {
  expect(engineRefusal('wasm', 'webgpu', 'The GPU was lost.', false)).toEqual({
    key: 'engine',
    message: 'WebGPU was asked for, but the GPU was lost: the run is on WebAssembly.',
  });
  expect(engineRefusal('wasm', 'webgpu', 'WebGPU did not answer within 10 seconds', true).message).toBe(
    'WebGPU was asked for, but WebGPU did not answer within 10 seconds: the run is on WebAssembly; the next run asks again.',
  );
});
