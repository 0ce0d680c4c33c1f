/** Giving the thread back: in time, and only then. */
import { describe, expect, it } from 'vitest';
import { breather, turn } from './breathe';

describe('breather', () => {
  it('gives the thread back once it has been held for 8 ms, and then counts anew', async () => {
    let clock = 0;
    const breathe = breather(() => clock);
    expect(breathe()).toBeUndefined();
    clock = 7.9;
    expect(breathe()).toBeUndefined();
    clock = 8;
    const pause = breathe();
    expect(pause).toBeInstanceOf(Promise);
    clock = 30;
    await pause;
    expect(breathe()).toBeUndefined();
    clock = 38;
    expect(breathe()).toBeInstanceOf(Promise);
  });

  it('starves nothing else in the event loop', async () => {
    let fired = false;
    setTimeout(() => (fired = true), 0);
    for (let i = 0; i < 1e5 && !fired; i++) await turn();
    expect(fired).toBe(true);
  });

  it('resolves every turn asked for', async () => {
    let done = 0;
    await Promise.all(Array.from({ length: 20 }, () => turn().then(() => done++)));
    expect(done).toBe(20);
  });
});
