/** Nobody waits for ever: neither for an engine to be made, nor for its self-test. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseEngine, type EngineMakers } from './choose';
import type { Engine } from './landscape';
import { NotYet, within } from './patience';
import { selfTest } from './selftest';
import { createWasmEngine } from './wasm/engine';
import { readKernels } from './wasm/node';

const module = await readKernels();
const never = <T>(): Promise<T> => new Promise(() => undefined);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('within', () => {
  it('hands on what comes in time, and leaves no timer behind', async () => {
    expect(await within(1, 'It', Promise.resolve(7))).toBe(7);
    await expect(within(1, 'It', Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says who was silent, hands what comes too late to whom it concerns, and says so', async () => {
    let answer: (value: number) => void = () => undefined;
    const late = vi.fn();
    const waiting = within(3, 'It', new Promise<number>((resolve) => (answer = resolve)), late);
    const refused = waiting.catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(3000);
    const fault = await refused;
    expect(fault).toBeInstanceOf(NotYet);
    expect(fault).toMatchObject({ code: 'engine', message: 'It did not answer within 3 seconds' });
    const came = vi.fn();
    void (fault as NotYet).later.then(came);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(came).not.toHaveBeenCalled();
    answer(7);
    await vi.advanceTimersByTimeAsync(0);
    expect(late.mock.calls).toEqual([[7]]);
    expect(came).toHaveBeenCalledTimes(1);
  });
});

/** Makers with only WASM sound. */
const makers = (others: Partial<EngineMakers>): EngineMakers => ({
  wasm: (precision) => createWasmEngine(module, precision),
  webgpu: async () => never,
  tensorflow: async () => never,
  ...others,
});

/** An engine whose results never come. */
async function mute(): Promise<Engine> {
  const sound = await createWasmEngine(module, 'f32');
  return {
    ...sound,
    device: { ...sound.device, name: 'A mute device' },
    landscape: async (problem) => {
      const landscape = await sound.landscape(problem);
      return Object.assign(landscape, { read: never });
    },
  };
}

describe('an engine that does not answer', () => {
  it.each([
    ['webgpu', 'WebGPU did not answer within 10 seconds', 10],
    ['auto', 'WebGPU did not answer within 10 seconds', 10],
    ['tensorflow', 'TensorFlow.js did not answer within 60 seconds', 60],
  ] as const)('is passed over with the reason (%s)', async (choice, reason, seconds) => {
    const chosen = chooseEngine(choice, 'f32', makers({}));
    await vi.advanceTimersByTimeAsync(1000 * seconds);
    const { engine, why, later } = await chosen;
    expect([engine.device.engine, why]).toEqual(['wasm', reason]);
    expect(later).not.toBeNull();
  });

  it.each(['webgpu', 'tensorflow'] as const)('has all its time after its code has come (%s)', async (choice) => {
    const slowly = async () => {
      await new Promise((resolve) => setTimeout(resolve, 600_000));
      return async () => {
        await new Promise((resolve) => setTimeout(resolve, 9000));
        return createWasmEngine(module, 'f32');
      };
    };
    const webgpu = async () => {
      const make = await slowly();
      return async () => ({ hardware: true, engine: await make() });
    };
    const chosen = chooseEngine(choice, 'f32', makers({ webgpu, tensorflow: slowly }));
    await vi.advanceTimersByTimeAsync(609_000);
    expect((await chosen).why).toBe('asked for');
  });

  it('is given up where it comes too late', async () => {
    const dispose = vi.fn();
    const late = async () => async () => {
      await new Promise((resolve) => setTimeout(resolve, 11_000));
      return { hardware: true, engine: { ...(await mute()), dispose } };
    };
    const chosen = chooseEngine('auto', 'f32', makers({ webgpu: late }));
    await vi.advanceTimersByTimeAsync(10_000);
    await chosen;
    expect(dispose).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  it('is refused by the self-test, and passed over', async () => {
    const refused = expect(selfTest(await mute())).rejects.toMatchObject({
      code: 'engine',
      message: 'A mute device did not answer within 20 seconds',
    });
    await vi.advanceTimersByTimeAsync(20_000);
    await refused;
    const chosen = chooseEngine(
      'auto',
      'f32',
      makers({ webgpu: async () => async () => ({ hardware: true, engine: await mute() }) }),
    );
    await vi.advanceTimersByTimeAsync(20_000);
    expect((await chosen).why).toBe('A mute device did not answer within 20 seconds');
  });
});
