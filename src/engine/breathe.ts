/**
 * Giving the thread back between pieces of long work. The engine knows no event loop: whoever drives it says when to
 * pause, and whether something more urgent has come in meanwhile.
 */

/** Called between products and steps: a promise when it is time to pause, undefined (no turn lost) when it is not. */
export type Breathe = () => Promise<void> | undefined;

/** What a measurement rejects with when it is cut short. Nothing is lost by it: θ stands, and it can be taken again. */
export class Interrupted extends Error {
  constructor() {
    super('The measurement was cut short.');
    this.name = 'Interrupted';
  }
}

/** A breathe that rejects with `Interrupted` after a pause in which something urgent has come in. */
export function interruptible(breathe: Breathe, urgent: () => boolean): Breathe {
  return () =>
    breathe()?.then(() => {
      if (urgent()) throw new Interrupted();
    });
}
