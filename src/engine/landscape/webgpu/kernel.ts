/**
 * A kernel is WGSL with a list of storage bindings; a dispatch is its pipeline with buffers bound and its size, made once
 * per set of operands and replayed ever after (`kernels.ts`). A kernel does not see how many dispatches it is cut into:
 * the entry point around its code adds where a piece begins.
 */
export interface Binding {
  readonly name: string;
  readonly type: 'f32' | 'vec4f' | 'u32';
  readonly writes: boolean;
  /** Elements, where the code is made for so many: a compiler then has an easier time proving indices in bounds. */
  readonly count?: number;
}

export interface Kernel {
  readonly label: string;
  readonly bindings: readonly Binding[];
  /** Threads of a workgroup. */
  readonly workgroup: readonly [number, number];
  /**
   * Everything but the declarations of the bindings and the entry point: `run(group: vec3u, local: vec3u)`, called by
   * every thread with its workgroup and its place in that.
   */
  readonly code: string;
}

export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** Where the piece of a cut kernel begins. */
  readonly origin: GPUBindGroup | null;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Floating-point operations, or what takes as long, for the estimate of its time. */
  readonly flops: number;
}

/** Part of a buffer; the whole of it where offset and size are left out. */
export interface Part {
  readonly buffer: GPUBuffer;
  readonly offset?: number;
  readonly size?: number;
}

export const reads = (name: string, type: Binding['type'] = 'vec4f'): Binding => ({ name, type, writes: false });
export const writes = (name: string, type: Binding['type'] = 'vec4f'): Binding => ({ name, type, writes: true });

/** The WGSL of the kernel; where it is `cut`, a uniform says at which workgroup a dispatch begins. */
export function sourceOf({ bindings, workgroup: [x, y], code }: Kernel, cut: boolean): string {
  const declarations = bindings.map(
    ({ name, type, writes: rw, count }, i) =>
      `@group(0) @binding(${i}) var<storage, ${rw ? 'read_write' : 'read'}> ${name}: array<${type}${count === undefined ? '' : `, ${count}`}>;`,
  );
  if (cut) declarations.push('@group(1) @binding(0) var<uniform> origin: vec3u;');
  return `${declarations.join('\n')}
${code}
@compute @workgroup_size(${x}, ${y})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  run(group${cut ? ' + origin' : ''}, local);
}`;
}
