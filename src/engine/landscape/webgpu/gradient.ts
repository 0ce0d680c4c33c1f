/**
 * WGSL of the parameter gradients of all layers in one dispatch, and of their R-twin:
 *
 *   ∂L/∂W_l = a_{l−1}ᵀ δ_l,  ∂L/∂b_l = Σ δ_l,  and  ȧ_{l−1}ᵀ δ_l + a_{l−1}ᵀ δ̇_l,  Σ δ̇_l  for the product H v.
 *
 * A thread owns a tile of weights and sums over examples in registers, in a fixed order. Where the weights alone give
 * too few threads, the examples are cut into chunks whose partial sums a second dispatch adds up; how many does not
 * depend on the lanes, so that a lane's sums are those of the same run alone. The loss rides along as parameter P.
 */
import { reads, writes, type Binding, type Kernel } from './kernel';
import { rowsPerThread, type Shape, type Tuning } from './shape';
import { MOST_SUMMED_COLUMNS, REDUCE_GROUP, reduceKernel } from './sums';
import { inputsStart, laneStart, type LaneCounts } from './tiles';

const FEWEST_COLUMNS = 16;
/**
 * Rows of δ in the tile of a gradient on the software adapter. With 8, the median of 106 pairs took 1.05 times as long (tiny)
 * and 0.98 times (small), quartiles 0.94 to 1.15, and compiling about twice as long: 0.5 s for 0.28, 0.86 for 0.40.
 */
const GRADIENT_COLUMNS = 4;
/** A tile is so many times as long where the other side has fewer rows than half a tile. Not measured on hardware. */
const STRETCH: Readonly<Record<Tuning, number>> = { hardware: 2, software: 1 };
/**
 * A layer of at most so many tiles down sums its biases in them, where the δ are at hand. All do it, though only the first
 * has them: the software adapter seems to run both ways of a branch. Not measured on hardware, where biases keep threads
 * of their own.
 */
const BIASED_TILES: Readonly<Record<Tuning, number>> = { hardware: 0, software: 8 };

export interface GradientKernels {
  readonly sum: Kernel;
  /** Adds up the chunks; null where there is one. */
  readonly reduce: Kernel | null;
  readonly chunks: number;
  /** Workgroups of the two. */
  readonly groups: number;
  readonly reduceGroups: number;
  /** Floats of partial sums in a lane. */
  readonly partialSize: number;
  readonly flops: number;
}

interface Job {
  readonly threads: number;
  readonly call: string;
}

interface Tile {
  readonly source: string;
  readonly ri: number;
  readonly rj: number;
  /** Whether the tiles cover the matrix without rest, so that no store needs a guard. */
  readonly wholeRows: boolean;
  readonly wholeColumns: boolean;
  /** Whether the tiles of the first rows leave the biases of their columns too. */
  readonly biased: boolean;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** A function that sums one tile of a weight matrix: `source` rows × δ rows, and with their R-twins where `twin`. */
function tileFunction(name: string, shape: Shape, tile: Tile, twin: boolean): string {
  const { columns } = shape;
  const { source, ri, rj, wholeRows, wholeColumns, biased } = tile;
  const first = source === 'x';
  const body: string[] = [];
  for (const i of range(ri)) body.push(`let a${i} = ${source}[i${i} + e];`);
  if (!twin) {
    for (const j of range(rj)) body.push(`let d${j} = delta[j${j} + e];`);
    for (const i of range(ri)) for (const j of range(rj)) body.push(`s${i}_${j} += dot(a${i}, d${j});`);
  } else {
    for (const j of range(rj)) body.push(`let t${j} = deltadot[t${j}At + e];`);
    if (first) {
      for (const i of range(ri)) for (const j of range(rj)) body.push(`s${i}_${j} += dot(a${i}, t${j});`);
    } else {
      for (const j of range(rj)) body.push(`let d${j} = delta[j${j} + e];`);
      for (const i of range(ri)) {
        body.push(`let b${i} = adot[b${i}At + e];`);
        for (const j of range(rj)) body.push(`s${i}_${j} += dot(a${i}, t${j}) + dot(b${i}, d${j});`);
      }
    }
  }
  const rows = range(ri).map(
    (
      i,
    ) => `let r${i} = ${wholeRows ? `row + ${i}u` : `min(row + ${i}u, fanIn - 1u)`}; let i${i} = aAt + r${i} * ${columns}u;
  ${twin && !first ? `let b${i}At = bAt + r${i} * ${columns}u;` : ''}`,
  );
  const cols = range(rj).map(
    (
      j,
    ) => `let c${j} = ${wholeColumns ? `column + ${j}u` : `min(column + ${j}u, fanOut - 1u)`}; let j${j} = dAt + c${j} * ${columns}u;
  ${twin ? `let t${j}At = tAt + c${j} * ${columns}u;` : ''}`,
  );
  const sums = range(ri).flatMap((i) => range(rj).map((j) => `var s${i}_${j} = 0.0;`));
  if (biased) {
    for (const j of range(rj)) {
      sums.push(`var bias${j} = vec4f(0.0);`);
      body.push(`bias${j} += ${twin ? 't' : 'd'}${j};`);
    }
  }
  const guard = (j: number): string => (wholeColumns || j === 0 ? '' : `if (column + ${j}u < fanOut) `);
  const stores = range(ri).map(
    (i) => `${wholeRows || i === 0 ? '' : `if (row + ${i}u < fanIn) `}{
    ${range(rj)
      .map((j) => `${guard(j)}{ out[outAt + (row + ${i}u) * fanOut + column + ${j}u] = s${i}_${j}; }`)
      .join('\n    ')}
  }`,
  );
  if (biased) {
    const each = range(rj).map((j) => `${guard(j)}{ out[biasAt + column + ${j}u] = dot(bias${j}, vec4f(1.0)); }`);
    stores.push(`if (row == 0u) {
    ${each.join('\n    ')}
  }`);
  }
  return `
fn ${name}(
  t: u32, fanIn: u32, fanOut: u32,
  aAt: u32, bAt: u32, dAt: u32, tAt: u32, outAt: u32, biasAt: u32,
  begin: u32, end: u32,
) {
  let across = (fanOut + ${rj - 1}u) / ${rj}u;
  let row = t / across * ${ri}u;
  let column = t % across * ${rj}u;
  if (row >= fanIn) { return; }
  ${rows.join('\n  ')}
  ${cols.join('\n  ')}
  ${sums.join(' ')}
  for (var e = begin; e < end; e++) {
    ${body.join('\n    ')}
  }
  ${stores.join('\n  ')}
}`;
}

/** Bindings: x, a, delta, losses (or adot, deltadot), out and, with one chunk, the loss scalar. */
export function gradientKernels(shape: Shape, twin: boolean, lanes: LaneCounts): GradientKernels {
  const { columns, stride, laneSize, layers, rowStarts } = shape;
  const group = shape.group[0] * shape.group[1];
  const functions = new Map<string, string>();
  const jobs: Job[] = [];
  const { tuning, rowTile: most } = shape;
  const beside = (rows: number): number => (rows < most / 2 ? STRETCH[tuning] : 1) * most;
  let flops = 0;
  layers.forEach(({ fanIn, fanOut, weights, bias }, i) => {
    const l = i + 1;
    const source = l === 1 ? 'x' : 'a';
    const ri = rowsPerThread(fanIn, beside(fanOut));
    const rj = rowsPerThread(fanOut, twin || tuning === 'hardware' ? beside(fanIn) : GRADIENT_COLUMNS);
    const biased = bias >= 0 && fanIn <= BIASED_TILES[tuning] * ri;
    const tile: Tile = { source, ri, rj, wholeRows: fanIn % ri === 0, wholeColumns: fanOut % rj === 0, biased };
    const name = ['tile', ...Object.values(tile).map(String)].join('_');
    if (!functions.has(name)) functions.set(name, tileFunction(name, shape, tile, twin));
    const below = l === 1 ? [inputsStart(shape, lanes), '0u'] : [`kept + ${rowStarts[i]}u`, `base + ${rowStarts[i]}u`];
    const above = [`kept + ${rowStarts[l]}u`, `base + ${rowStarts[l]}u`];
    const results = [`outAt + ${weights}u`, `outAt + ${Math.max(bias, 0)}u`];
    const place = [...below, ...above, ...results, 'begin', 'end'].join(', ');
    jobs.push({
      threads: Math.ceil(fanIn / ri) * Math.ceil(fanOut / rj),
      call: `${name}(t, ${fanIn}u, ${fanOut}u, ${place});`,
    });
    flops += (twin && l > 1 ? 4 : 2) * fanIn * fanOut * columns * 4;
    if (bias < 0 || biased) return;
    const from = twin ? `deltadot[base + ${rowStarts[l]}u` : `delta[kept + ${rowStarts[l]}u`;
    jobs.push({
      threads: fanOut,
      call: `if (t < ${fanOut}u) {
      var sum = vec4f(0.0);
      for (var e = begin; e < end; e++) { sum += ${from} + t * ${columns}u + e]; }
      out[outAt + ${bias}u + t] = dot(sum, vec4f(1.0));
    }`,
    });
  });
  const threads = jobs.reduce((sum, job) => sum + job.threads, 0);
  const chunks = Math.max(
    Math.ceil(columns / MOST_SUMMED_COLUMNS),
    Math.min(Math.ceil(shape.threadsWanted / threads), Math.floor(columns / FEWEST_COLUMNS), 64),
    1,
  );
  const partialSize = chunks === 1 ? 0 : Math.ceil((shape.parameters + 1) / 64) * 64 * chunks;
  const outAt = chunks === 1 ? `lane * ${stride}u` : `(lane * ${chunks}u + id.y) * ${partialSize / chunks}u`;
  if (!twin) {
    const lossAt = chunks === 1 ? 'loss[lane]' : `out[outAt + ${shape.parameters}u]`;
    jobs.push({
      threads: 1,
      call: `if (t == 0u) {
      var sum = vec4f(0.0);
      for (var e = begin; e < end; e++) { sum += losses[lane * ${columns}u + e]; }
      ${lossAt} = dot(sum, vec4f(1.0)) / ${shape.examples}.0;
    }`,
    });
  }
  let groups = 0;
  const branches = jobs.map((job) => {
    const begin = groups;
    groups += Math.ceil(job.threads / group);
    return `if (id.x < ${groups}u) {
    let t = (id.x - ${begin}u) * ${group}u + local.x;
    ${job.call}
  }`;
  });
  const bindings: Binding[] = [reads('x'), reads('a'), reads('delta')];
  bindings.push(...(twin ? [reads('adot'), reads('deltadot')] : [reads('losses')]), writes('out', 'f32'));
  if (!twin && chunks === 1) bindings.push(writes('loss', 'f32'));
  const sum: Kernel = {
    label: twin ? 'product' : 'gradient',
    bindings,
    workgroup: [group, 1],
    code: `${[...functions.values()].join('')}
fn run(id: vec3u, local: vec3u) {
  let lane = id.z;
  let base = ${laneStart(lanes.out, laneSize)};
  let kept = ${laneStart(lanes.kept, laneSize)};
  let begin = id.y * ${Math.ceil(columns / chunks)}u;
  let end = min(begin + ${Math.ceil(columns / chunks)}u, ${columns}u);
  let outAt = ${outAt};
  ${branches.join(' else ')}
}`,
  };
  return {
    sum,
    reduce: chunks === 1 ? null : reduceKernel(shape, twin, chunks, partialSize),
    chunks,
    groups,
    reduceGroups: Math.ceil((shape.parameters + 1) / REDUCE_GROUP),
    partialSize,
    flops,
  };
}
