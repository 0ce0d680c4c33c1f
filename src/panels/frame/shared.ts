/** What the panels share: margins (so that steps line up), the value axis (so that 2/η runs through), the crosshair. */
import { createStore } from 'zustand/vanilla';
import type { ValueAxis } from '../../plot/axis';
import { Alignment } from '../../plot/frame';

/** Margins of the charts over steps. */
export const stepAlignment = new Alignment();

export interface SharedAxis {
  /** The stability chart's value axis, in CSS pixels from the top of `host`; null before it was painted. */
  readonly axis: ValueAxis | null;
  readonly host: HTMLElement | null;
}

/** Published by the stability chart, followed by the spectrum. */
export const sharedAxis = createStore<SharedAxis>(() => ({ axis: null, host: null }));
