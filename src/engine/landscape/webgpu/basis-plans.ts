/**
 * The operations of the vector algebra on a whole basis: a Gram–Schmidt sweep over it and a combination of it. Its vectors
 * lie one after another, so one binding has them all; where they are too long for that they lie in several rows, and each
 * row has dispatches of its own. The code asks the binding for its length, so that one pipeline serves every count.
 */
import { checkLanes } from '../counts';
import { AlgebraPlans, WORK } from './algebra-plans';
import { addBlocks, bind, elementwise, reduction, scratch, vector, type Operand } from './algebra-kernels';
import { reads, writes, type Dispatch, type Kernel, type Part } from './kernel';
import { rowsOf, scalarSpacing, type GpuScalar, type GpuVector } from './operands';

export class BasisPlans extends AlgebraPlans {
  /** One sweep over members that may lie in several buffers: all products come before the first subtraction. */
  sweep(x: GpuVector, members: readonly GpuVector[]): readonly Dispatch[] {
    checkLanes(x, members[0]);
    const rows = rowsOf(members, members[0].size).map(({ part, count }, i) => {
      return { part, count, sums: this.room(count * x.lanes * (this.layout.blocks + 1), i) };
    });
    const basisOf = (part: Required<Part>): Operand => this.#basis(part, members[0].lanes);
    return [
      ...rows.flatMap(({ part, count, sums }) => this.#project(x, basisOf(part), count, sums)),
      ...rows.flatMap(({ part, count, sums }) => this.#subtract(x, basisOf(part), count, sums)),
    ];
  }

  #basis(part: Required<Part>, lanes: number): Operand {
    return { part, lanes, writes: false, type: 'vec4f', open: true };
  }

  /** A member of the basis at the element `i` of the lane; the basis has one binding and says its own length. */
  #place(lanes: number, member: string): string {
    return `basis[(${member} * ${lanes}u + ${lanes > 1 ? 'lane' : '0u'}) * ${this.layout.stride4}u + i]`;
  }

  #counted(lanes: number): string {
    return `let count = arrayLength(&basis) / ${lanes * this.layout.stride4}u;`;
  }

  /** The products q · x of a row of members, left at the front of `buffer`. */
  #project(x: GpuVector, basis: Operand, count: number, buffer: GPUBuffer): readonly Dispatch[] {
    const { blocks, length4, group } = this.layout;
    const { lanes } = x;
    const counted = this.#counted(basis.lanes);
    const partialStart = blocks === 1 ? '0u' : `count * ${lanes}u`;
    const sums = bind(this.layout, 'project', { basis, x: vector(x), sums: scratch(buffer, true) }, (p) =>
      reduction(
        this.layout,
        `${this.#place(basis.lanes, 'member')} * ${p.x.vector}`,
        `${counted}
  if (local == 0u) { ${p.sums.name}[${partialStart} + (lane * count + member) * ${blocks}u + block] = total; }`,
      ),
    );
    const flops = WORK * length4 * count * lanes;
    const products = this.kernels.dispatch(sums.kernel, sums.parts, [blocks, count, lanes], flops);
    if (blocks === 1) return products;
    const kernel: Kernel = {
      label: 'add up',
      bindings: [writes('sums', 'f32'), reads('basis')],
      workgroup: [group, 1],
      code: `
fn run(group: vec3u, local: vec3u) {
  let i = group.x * ${group}u + local.x;
  ${counted}
  if (i >= count * ${lanes}u) { return; }
  ${addBlocks(this.layout, 'sums', `count * ${lanes}u + i * ${blocks}u`)}
  sums[i] = total;
}`,
    };
    const groups = Math.ceil((count * lanes) / group);
    const added = this.kernels.dispatch(kernel, [{ buffer }, basis.part], [groups, 1, 1], count * lanes * blocks);
    return [...products, ...added];
  }

  #subtract(x: GpuVector, basis: Operand, count: number, buffer: GPUBuffer): readonly Dispatch[] {
    const bound = bind(this.layout, 'subtract', { basis, x: vector(x, true), sums: scratch(buffer) }, (p) =>
      elementwise(
        this.layout,
        `${this.#counted(basis.lanes)}
  var sum = vec4f(0.0);
  for (var m = 0u; m < count; m++) { sum += ${p.sums.name}[lane * count + m] * ${this.#place(basis.lanes, 'm')}; }
  ${p.x.vector} -= sum;`,
      ),
    );
    return this.elements(bound, x.lanes, count);
  }

  combine(out: GpuVector, members: readonly GpuVector[], scalars: readonly GpuScalar[]): readonly Dispatch[] {
    const { lanes: basisLanes } = members[0];
    const { lanes: factorLanes } = scalars[0];
    checkLanes(out, members[0], scalars[0]);
    const spacing = scalarSpacing(factorLanes);
    let done = 0;
    return rowsOf(members, members[0].size).flatMap(({ part, count }, i) => {
      const [factors, ...others] = rowsOf(scalars.slice(done, (done += count)), spacing);
      if (others.length > 0) throw new Error('the operands do not lie in a row');
      const operands = {
        basis: this.#basis(part, basisLanes),
        factors: { part: factors.part, lanes: factorLanes, writes: false, type: 'f32' as const, open: true },
        result: vector(out, true),
      };
      const bound = bind(this.layout, 'combine', operands, (p) =>
        elementwise(
          this.layout,
          `${this.#counted(basisLanes)}
  var sum = vec4f(0.0);
  for (var m = 0u; m < count; m++) {
    sum += factors[m * ${spacing / 4}u + ${factorLanes > 1 ? 'lane' : '0u'}] * ${this.#place(basisLanes, 'm')};
  }
  ${p.result.vector} ${i === 0 ? '=' : '+='} sum;`,
        ),
      );
      return this.elements(bound, out.lanes, count);
    });
  }
}
