/**
 * What a chart over steps is told: columns of numbers and how each is to be drawn. Nothing here knows what a neural
 * network is; panels translate. The columns are read in place, at drawing time, and never kept.
 */
import type { ColourToken } from './theme';

/** Equal-length columns over a common, strictly ascending `steps`. NaN means "not measured" and is drawn as a gap. */
export interface Columns {
  readonly length: number;
  readonly steps: Float64Array;
  column(id: string): Float64Array | undefined;
}

export interface Line {
  readonly id: string;
  /** Column of half-widths of the error band; null for none. */
  readonly residual: string | null;
  /** Direct label at the line's right end and in the read-out. */
  readonly symbol: string;
  readonly name: string;
  readonly colour: ColourToken;
  /** Multiplies the theme's line width. */
  readonly weight: number;
  /** Dash pattern in units of the line's width; empty is solid. */
  readonly dash: readonly number[];
  /** Less than 1 for a line that may cover much ink with its oscillation. */
  readonly opacity: number;
  /** Swings from step to step: drawn as points wherever not every step was sampled, as a line would show a false period. */
  readonly swings: boolean;
}

/** The level everything is measured against: a step function with a colour of its own. */
export interface Level {
  readonly id: string;
  readonly symbol: string;
  /** The value in force from the last sample on. */
  readonly now: number;
  /** A value under consideration, drawn dashed; null for none. */
  readonly preview: number | null;
  /** Where the level changed, ascending: `value` holds from `step` on. */
  readonly breaks: readonly { readonly step: number; readonly value: number }[];
}

export type MarkerShape = 'diamond' | 'open-diamond' | 'rule' | 'cross';

export interface ChartMarker {
  readonly shape: MarkerShape;
  readonly step: number;
  /** Where on the value axis; null for marks that cross the whole plot. */
  readonly value: number | null;
  /** Short label; empty where another chart carries it. */
  readonly label: string;
  /** What several of them are called, where they stand too close for a label each; empty for marks that never merge. */
  readonly plural: string;
  readonly colour: ColourToken;
}

export type ScaleKind = 'linear' | 'log';

export interface ChartModel {
  readonly data: Columns;
  readonly lines: readonly Line[];
  readonly level: Level | null;
  readonly markers: readonly ChartMarker[];
  readonly scale: ScaleKind;
  /** Whether the data are growing: labels then sit at the middle of a small swing instead of following it. */
  readonly live: boolean;
}

const NO_COLUMNS: Columns = { length: 0, steps: new Float64Array(0), column: () => undefined };

export const EMPTY_MODEL: ChartModel = {
  data: NO_COLUMNS,
  lines: [],
  level: null,
  markers: [],
  scale: 'linear',
  live: false,
};

/** The crosshair and the zoom, shared by all charts over the same steps. */
export interface CursorState {
  /** The step under the pointer. */
  readonly cursor: number | null;
  /** The zoomed domain; null follows the run. */
  readonly domain: readonly [number, number] | null;
}

/** The part of a vanilla zustand store that a chart needs. */
export interface CursorLink {
  getState(): CursorState;
  setState(patch: Partial<CursorState>): void;
  subscribe(listener: () => void): () => void;
}
