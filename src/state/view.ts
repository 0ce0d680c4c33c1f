/** What the pointer and the zoom are at: shared by all charts, never in the link. */
import { createStore } from 'zustand/vanilla';

export interface CursorState {
  /** Step under the pointer. */
  readonly cursor: number | null;
  /** Zoomed x-domain; null follows the run. */
  readonly domain: readonly [number, number] | null;
}

export const cursorStore = createStore<CursorState>(() => ({ cursor: null, domain: null }));
