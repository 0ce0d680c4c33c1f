/**
 * Lays a problem and its per-layer arrays out in memory and writes the records that the kernels read (`Problem` and
 * `Layer` in assembly/records.ts). An array of activations is [blocks][features] of 32-byte cells: 8 examples in f32,
 * 4 in f64. The last block is padded with copies of example 0, which cannot make numbers that no real example makes, and
 * whose weight in the loss is 0.
 */
import type { ActivationId, LossId } from '../../../experiment/experiment';
import { layers } from '../../network/layout';
import type { Network, Problem } from '../landscape';
import type { Arena } from './arena';
import type { Kernels } from './kernels';

const CELL = 32;
const LAYER_WORDS = 11;
const PROBLEM_WORDS = 11;
const NO_BIAS = 0xffffffff;

/** The numbers that assembly/activations.ts goes by. */
const ACTIVATION_CODES: Readonly<Record<ActivationId, number>> = {
  tanh: 0,
  relu: 1,
  gelu: 2,
  softplus: 3,
  sigmoid: 4,
  elu: 5,
  linear: 6,
};
const LOSS_CODES: Readonly<Record<LossId, number>> = { mse: 0, ce: 1 };

/** 'outputs': forward passes only; 'work': gradients and R-arrays; 'kept': what `linearise` keeps. */
export type StateKind = 'outputs' | 'work' | 'kept';

/** Writes rows [rows, width] into cells at `at`; the padding repeats row 0, or is 0 where `pad` is false. */
function writeCells(
  arena: Arena,
  at: number,
  rows: number,
  width: number,
  pad: boolean,
  entry: (row: number, column: number) => number,
): void {
  const lanes = CELL / arena.scalarBytes;
  const blocks = Math.ceil(rows / lanes);
  let to = at / arena.scalarBytes;
  for (let b = 0; b < blocks; b++) {
    for (let column = 0; column < width; column++) {
      for (let lane = 0; lane < lanes; lane++, to++) {
        const row = b * lanes + lane;
        if (row < rows) arena.values[to] = entry(row, column);
        else arena.values[to] = pad ? entry(0, column) : 0;
      }
    }
  }
}

/** A part of the examples in cells of its own. */
export interface Sample {
  /** Address of the Problem record. */
  readonly problem: number;
  /** The most examples that fit. */
  readonly rows: number;
}

function blocksOf(arena: Arena, rows: number): number {
  return Math.ceil((rows * arena.scalarBytes) / CELL);
}

/** A record, as 32-bit words, and where it lies. */
interface Placed {
  readonly at: number;
  readonly words: readonly number[];
}

/** Where the cells of a problem's examples lie. */
interface Cells {
  readonly inputs: number;
  readonly targets: number;
  readonly weights: number;
}

export class Plan {
  readonly network: Network;
  /** Address of the Problem record. */
  readonly problem: number;
  readonly rows: number;
  /** The states asked for, in their order. */
  readonly states: readonly number[];
  readonly #arena: Arena;
  readonly #scratch: number;
  readonly #panels: number;
  readonly #blocks: number;
  readonly #loss: LossId;

  /**
   * Without targets the plan serves `outputs` only. inputs: row-major [rows, sizes[0]]. Memory grows once for all of it, and
   * throws a `too-large` fault where it cannot.
   */
  constructor(
    kernels: Kernels,
    arena: Arena,
    network: Network,
    rows: number,
    inputs: Float64Array,
    fit: Pick<Problem, 'loss' | 'targets'> | null,
    kinds: readonly StateKind[],
  ) {
    this.network = network;
    this.rows = rows;
    this.#arena = arena;
    this.#loss = fit?.loss ?? 'mse';
    this.#blocks = blocksOf(arena, rows);
    const widest = Math.max(...network.sizes);
    const { scratch, panels, record, states } = arena.together(() => ({
      scratch: arena.allocate(2 * widest * CELL),
      panels: fit ? arena.allocate(kernels.panelBytes(widest, this.#blocks)) : 0,
      record: this.#placeRecord(rows, fit !== null),
      states: kinds.map((kind) => this.#placeState(kind)),
    }));
    this.#scratch = scratch;
    this.#panels = panels;
    this.problem = this.#writeRecord(rows, record);
    this.states = states.map((state) => this.#write(state));
    const { sizes } = network;
    const width = sizes[0];
    const outputs = sizes[sizes.length - 1];
    writeCells(arena, record.inputs, rows, width, true, (row, column) => inputs[row * width + column]);
    if (fit) {
      const { loss, targets } = fit;
      const weight = (row: number): number => {
        if (loss === 'mse') return 1;
        let sum = 0;
        for (let c = 0; c < outputs; c++) sum += targets[row * outputs + c];
        return sum;
      };
      writeCells(arena, record.targets, rows, outputs, false, (row, column) => targets[row * outputs + column]);
      writeCells(arena, record.weights, rows, 1, false, weight);
    }
  }

  /** A Problem record of `rows` examples, with cells for them. */
  #placeRecord(rows: number, fit: boolean): Cells & { readonly at: number } {
    const arena = this.#arena;
    const { sizes } = this.network;
    const blocks = blocksOf(arena, rows);
    return {
      at: arena.allocate(4 * PROBLEM_WORDS),
      inputs: arena.allocate(blocks * sizes[0] * CELL),
      targets: fit ? arena.allocate(blocks * sizes[sizes.length - 1] * CELL) : 0,
      weights: fit ? arena.allocate(blocks * CELL) : 0,
    };
  }

  /** Returns its address. */
  #writeRecord(rows: number, { at, inputs, targets, weights }: Cells & { readonly at: number }): number {
    const { sizes, activation } = this.network;
    const depth = sizes.length - 1;
    const codes = [ACTIVATION_CODES[activation], LOSS_CODES[this.#loss]];
    const cells = [blocksOf(this.#arena, rows), inputs, targets, weights];
    this.#arena.doubles[at / 8] = 1 / rows;
    this.#arena.words.set([depth, ...codes, ...cells, this.#scratch, this.#panels], at / 4 + 2);
    return at;
  }

  /** Room for mini-batches of up to `rows` examples, which `gather` fills. The states of the plan serve it too. */
  sample(rows: number): Sample {
    const placed = this.#arena.together(() => this.#placeRecord(rows, true));
    return { problem: this.#writeRecord(rows, placed), rows };
  }

  /** Address of a fresh table of Layer records with all the arrays of its kind. */
  state(kind: StateKind): number {
    return this.#write(this.#arena.together(() => this.#placeState(kind)));
  }

  /** Returns the address. */
  #write({ at, words }: Placed): number {
    this.#arena.words.set(words, at / 4);
    return at;
  }

  #placeState(kind: StateKind): Placed {
    const arena = this.#arena;
    const stack = layers(this.network);
    const at = arena.allocate(4 * LAYER_WORDS * stack.length);
    const words = stack.flatMap((layer, l) => {
      const { fanIn, fanOut } = layer;
      const last = l === stack.length - 1;
      const parameters = fanIn * fanOut * arena.scalarBytes;
      const block = fanOut * CELL;
      const all = this.#blocks * block;
      const kept = kind === 'kept';
      const panels = arena.allocate(parameters);
      const transposed = kind !== 'outputs' && l > 0 ? arena.allocate(parameters) : 0;
      const a = last ? 0 : arena.allocate(all);
      const slope = last || kind === 'outputs' ? 0 : arena.allocate(kept ? all : block);
      const bend = kept && (!last || this.#loss === 'ce') ? arena.allocate(all) : 0;
      const delta = last || kind !== 'outputs' ? arena.allocate(all) : 0;
      return [
        fanIn,
        fanOut,
        layer.weights * arena.scalarBytes,
        layer.bias < 0 ? NO_BIAS : layer.bias * arena.scalarBytes,
        panels,
        transposed,
        a,
        slope,
        kept ? block : 0,
        bend,
        delta,
      ];
    });
    return { at, words };
  }

  /** The outputs that a forward pass left in `state`, row-major [rows, sizes.at(-1)]. */
  readOutputs(state: number): Float32Array {
    const { sizes } = this.network;
    const { words, values, scalarBytes } = this.#arena;
    const width = sizes[sizes.length - 1];
    const lanes = CELL / scalarBytes;
    const base = words[state / 4 + (sizes.length - 2) * LAYER_WORDS + LAYER_WORDS - 1] / scalarBytes;
    const result = new Float32Array(this.rows * width);
    for (let row = 0; row < this.rows; row++) {
      const lane = row % lanes;
      const block = (row - lane) / lanes;
      for (let c = 0; c < width; c++) result[row * width + c] = values[base + (block * width + c) * lanes + lane];
    }
    return result;
  }
}
