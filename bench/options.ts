/** What the command line of `npm run bench` asks for. */
import { parseArgs } from 'node:util';
import type { ProblemId } from '../src/benchmark/report/subject';

const USUAL: readonly ProblemId[] = ['tiny', 'small', 'medium'];
const NAMED: readonly ProblemId[] = [...USUAL, 'paper'];

export interface Options {
  /** In the order of their sizes; 'paper' stands for 'paper-500' too. */
  readonly problems: readonly ProblemId[];
  readonly quick: boolean;
  /** Where the figures are written besides the terminal: a path, or null for nowhere. */
  readonly out: string | null;
}

/** Throws an error of one sentence where the arguments mean nothing. `kept` is where a full run's figures are kept. */
export function optionsOf(args: readonly string[], kept: string): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      paper: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const { only, paper, quick } = values;
  const known = (name: string): boolean => NAMED.some((id) => id === name);
  const unknown = only.find((name) => !known(name));
  if (unknown !== undefined) throw new Error(`There is no problem “${unknown}”: --only takes ${NAMED.join(', ')}.`);
  const problems = NAMED.filter((id) => {
    return only.includes(id) || (id === 'paper' ? paper : only.length === 0);
  });
  const full = !quick && USUAL.every((id) => problems.includes(id));
  return { problems, quick, out: values.out ?? (full ? kept : null) };
}
