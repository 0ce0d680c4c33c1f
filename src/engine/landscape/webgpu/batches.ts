/**
 * Mini-batches on the GPU. The examples of all batches of a chunk of steps are written in one piece; one dispatch then
 * gathers those of a batch into feature-major arrays, and the kernels of the full data set run on these, made for the
 * batch's size. What products need lies apart, so that they stay those of the batch last linearised.
 */
import type { LossId } from '../../../experiment/experiment';
import { checkBatchCounts } from '../counts';
import type { Batch } from '../landscape';
import { type Binding, reads, writes, type Dispatch, type Kernel, type Part } from './kernel';
import type { Kernels } from './kernels';
import type { Owner } from './operands';
import { Passes, laneCounts, type Examples, type MakeBuffer } from './passes';
import { shapeOf, type Shape } from './shape';

/** Rows (features and targets) that one thread gathers. */
const ROWS = 8;
/** Bindings start at multiples of 256 bytes. */
const ALIGNMENT = 256;

/** Example indices as u32 [lanes, size], part of a buffer that holds those of several batches. */
export class GpuBatch implements Batch {
  readonly owner: Owner;
  readonly part: Required<Part>;
  readonly lanes: number;
  readonly size: number;

  constructor(owner: Owner, part: Required<Part>, lanes: number, size: number) {
    this.owner = owner;
    this.part = part;
    this.lanes = lanes;
    this.size = size;
  }
}

/** What a pass goes over: the passes for so many examples, and how the examples get where they look for them. */
export interface Source {
  /** The same for batches that share their arrays: dispatches bound for one serve all. */
  readonly id: number;
  readonly passes: Passes;
  readonly examples: Examples;
  readonly gather: readonly Dispatch[];
}

/** 'work': for a value or gradient; 'kept': for products. */
export type Use = 'work' | 'kept';

interface Arrays {
  readonly id: number;
  readonly examples: Examples;
}

/** Bytes from one batch to the next. */
function spacingOf(lanes: number, size: number): number {
  return Math.ceil((4 * lanes * size) / ALIGNMENT) * ALIGNMENT;
}

export class Batches {
  readonly #shape: Shape;
  readonly #loss: LossId;
  readonly #kernels: Kernels;
  readonly #make: MakeBuffer;
  /** The whole data set. */
  readonly all: Source;
  /** By the number of examples: a batch as large as the data set has its kernels and arrays, which are never used at once. */
  readonly #passes = new Map<number, Passes>();
  readonly #arrays = new Map<string, Arrays>();
  readonly #sources: Record<Use, Map<GpuBatch, Source>> = { work: new Map(), kept: new Map() };

  constructor(shape: Shape, loss: LossId, kernels: Kernels, make: MakeBuffer, all: Examples) {
    this.#shape = shape;
    this.#loss = loss;
    this.#kernels = kernels;
    this.#make = make;
    this.all = { id: 0, passes: new Passes(shape, loss, kernels, make), examples: all, gather: [] };
    this.#passes.set(shape.examples, this.all.passes);
  }

  /** `count` batches, with the arrays that steps on them need where θ has as many lanes. */
  make(owner: Owner, count: number, size: number, lanes: number): readonly GpuBatch[] {
    const { examples } = this.#shape;
    checkBatchCounts(count, size, lanes, examples);
    const spacing = spacingOf(lanes, size);
    const buffer = this.#make('batches', count * spacing);
    this.#examplesOf(size, lanes, 'work');
    this.#passesOf(size).reserve(laneCounts({ lanes }, lanes));
    return Array.from({ length: count }, (_, i) => {
      return new GpuBatch(owner, { buffer, offset: i * spacing, size: 4 * lanes * size }, lanes, size);
    });
  }

  /** The examples [count, lanes, size] as they lie in the buffer of the batches. Throws where they do not fit. */
  packed(batches: readonly GpuBatch[], examples: Uint32Array): Uint32Array<ArrayBuffer> {
    const { lanes, size, part } = batches[0];
    const spacing = spacingOf(lanes, size);
    const length = lanes * size;
    if (examples.length !== batches.length * length) {
      throw new Error(`${examples.length} examples do not fit ${batches.length} batches of ${lanes} × ${size}`);
    }
    const beyond = examples.find((example) => example >= this.#shape.examples);
    if (beyond !== undefined) throw new Error(`there is no example ${beyond} among ${this.#shape.examples}`);
    const packed = new Uint32Array(((batches.length - 1) * spacing) / 4 + length);
    batches.forEach((batch, i) => {
      if (batch.part.buffer !== part.buffer || batch.part.offset !== part.offset + i * spacing) {
        throw new Error('the batches do not lie in a row');
      }
      packed.set(examples.subarray(i * length, (i + 1) * length), (i * spacing) / 4);
    });
    return packed;
  }

  /** Compiles what steps on batches of this size need where θ has as many lanes. */
  async prepare(size: number, lanes: number): Promise<void> {
    const { kernel, flops } = this.#gatherer(this.#shapeOf(size), lanes);
    const gather = this.#kernels.prepare([{ kernel, flops }]);
    await Promise.all([gather, this.#passesOf(size).prepare(laneCounts({ lanes }, lanes), false)]);
  }

  /** The examples of a batch, where they were asked for before. */
  known(batch: GpuBatch, use: Use): Source | undefined {
    return this.#sources[use].get(batch);
  }

  source(batch: GpuBatch, use: Use): Source {
    const { size, lanes } = batch;
    const arrays = this.#examplesOf(size, lanes, use);
    const source = { ...arrays, passes: this.#passesOf(size), gather: this.#gather(batch, arrays.examples) };
    this.#sources[use].set(batch, source);
    return source;
  }

  #shapeOf(size: number): Shape {
    return shapeOf(this.#shape.network, size, this.#shape.tuning);
  }

  #passesOf(size: number): Passes {
    let passes = this.#passes.get(size);
    if (!passes) {
      passes = new Passes(this.#shapeOf(size), this.#loss, this.#kernels, this.#make);
      this.#passes.set(size, passes);
    }
    return passes;
  }

  #examplesOf(size: number, lanes: number, use: Use): Arrays {
    const key = `${size} ${lanes} ${use}`;
    let arrays = this.#arrays.get(key);
    if (!arrays) {
      const { columns, inputs, outputs } = this.#shapeOf(size);
      const made = (label: string, width: number): Part => {
        return { buffer: this.#make(`batch ${label}`, 16 * width * columns * lanes) };
      };
      const examples = { lanes, x: made('inputs', inputs), targets: made('targets', outputs) };
      this.#arrays.set(key, (arrays = { id: this.#arrays.size + 1, examples }));
    }
    return arrays;
  }

  #gather({ part, size, lanes }: GpuBatch, to: Examples): readonly Dispatch[] {
    const { kernel, groups, flops } = this.#gatherer(this.#shapeOf(size), lanes);
    const { x, targets } = this.all.examples;
    return this.#kernels.dispatch(kernel, [part, x, targets, to.x, to.targets], groups, flops);
  }

  #gatherer(
    batch: Shape,
    lanes: number,
  ): { readonly kernel: Kernel; readonly groups: readonly [number, number, number]; readonly flops: number } {
    const { columns, inputs, outputs } = batch;
    const [gx, gy] = batch.group;
    return {
      kernel: gatherKernel(this.#shape, batch),
      groups: [Math.ceil(columns / gx), Math.ceil((inputs + outputs) / (gy * ROWS)), lanes],
      flops: 8 * (inputs + outputs) * columns * lanes,
    };
  }
}

/** Bindings: chosen, then inputs and targets of all examples, then those of the batch. */
function gatherKernel(all: Shape, batch: Shape): Kernel {
  const { columns, inputs, outputs, examples } = batch;
  const [gx, gy] = batch.group;
  const chosen: Binding = reads('chosen', 'u32');
  const corners = [0, 1, 2, 3];
  const picked = (from: string, row: string): string =>
    `vec4f(${corners.map((c) => `${from}[${row} * ${4 * all.columns}u + e${c}]`).join(', ')})`;
  return {
    label: 'gather batch',
    bindings: [chosen, reads('inputs', 'f32'), reads('outputs', 'f32'), writes('x'), writes('y')],
    // Padding repeats the lane's first example.
    workgroup: [gx, gy],
    code: `
fn run(group: vec3u, local: vec3u) {
  let column = group.x * ${gx}u + local.x;
  let slice = group.y * ${gy}u + local.y;
  let lane = group.z;
  if (column >= ${columns}u) { return; }
  ${corners
    .map((c) => {
      const place = `4u * column + ${c}u`;
      return `let e${c} = chosen[lane * ${examples}u + select(0u, ${place}, ${place} < ${examples}u)];`;
    })
    .join('\n  ')}
  for (var row = slice * ${ROWS}u; row < min((slice + 1u) * ${ROWS}u, ${inputs + outputs}u); row++) {
    if (row < ${inputs}u) {
      x[(lane * ${inputs}u + row) * ${columns}u + column] = ${picked('inputs', 'row')};
    } else {
      let output = row - ${inputs}u;
      y[(lane * ${outputs}u + output) * ${columns}u + column] = ${picked('outputs', 'output')};
    }
  }
}`,
  };
}
