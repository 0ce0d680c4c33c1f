/** Test support: the run of a link on an engine, in Node or on a page. */
import { decodeLink } from '../experiment/link';
import { generate } from './data/generators';
import { deterministicMath } from './deterministic';
import type { Engine } from './landscape/landscape';
import { Run } from './run';

/** Rejects where anything in the link is not as it should be. */
export async function runOf(link: string, engine: Engine, kernels: WebAssembly.Module): Promise<Run> {
  const { experiment, remarks } = decodeLink(link);
  if (remarks.length > 0) throw new Error(`${link}: ${remarks[0].message}`);
  const math = deterministicMath(kernels);
  return Run.create({ experiment, dataset: generate(experiment, math), engine, math });
}
