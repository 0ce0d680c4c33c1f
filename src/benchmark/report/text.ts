/** The benchmark as plain text: one table a problem, in repetitions a second, then the ratios. */
import { ratiosOf, type Ratio } from './ratios';
import {
  ENTRANTS,
  ROUNDS,
  SIZES,
  WORKS,
  describeSize,
  type EntrantId,
  type Figure,
  type ProblemId,
  type Work,
} from './subject';

/** Three significant digits, never in exponents: "20900", "3.14", "0.0205". */
export function significant(value: number): string {
  if (value >= 1000) return String(Math.round(Number(value.toPrecision(3))));
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Repetitions a second. */
export function rate(ms: number): string {
  return significant(1000 / ms);
}

/** One problem's figures: who took part, and a row for each work that anybody did or failed at. */
export interface Table {
  readonly problem: ProblemId;
  readonly entrants: readonly EntrantId[];
  readonly rows: readonly { readonly work: Work; readonly cells: readonly (Figure | null)[] }[];
}

export function tablesOf(figures: readonly Figure[]): Table[] {
  const problems = [...new Set(figures.map(({ problem }) => problem))];
  return problems.map((problem) => {
    const own = figures.filter((figure) => figure.problem === problem);
    const entrants = ENTRANTS.filter((id) => own.some(({ entrant }) => entrant === id));
    const rows = ROUNDS.flatMap(({ works }) => works)
      .filter((work) => own.some((figure) => figure.work === work))
      .map((work) => ({
        work,
        cells: entrants.map((id) => own.find((figure) => figure.work === work && figure.entrant === id) ?? null),
      }));
    return { problem, entrants, rows };
  });
}

/** Columns aligned, the first to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c] + 2)))
      .join('')
      .trimEnd(),
  );
}

/** The notes of a table, each once, with the works it is about. */
export function notesOf(figures: readonly Figure[]): string[] {
  const works = new Map<string, Set<Work>>();
  for (const { entrant, note, work } of figures) {
    if (note === null) continue;
    const key = `${entrant}: ${note}`;
    works.set(key, (works.get(key) ?? new Set()).add(work));
  }
  return [...works].map(([words, about]) => `${words} (${[...about].join(', ')})`);
}

export function tableText({ problem, entrants, rows }: Table): string {
  const cells = rows.map(({ work, cells }) => [
    WORKS[work],
    ...cells.map((figure) => (figure === null ? '' : figure.ms === null ? '–' : rate(figure.ms))),
  ]);
  const notes = notesOf(rows.flatMap((row) => row.cells.filter((figure) => figure !== null)));
  return [
    `${problem} (${describeSize(SIZES[problem])}), how many a second`,
    ...aligned([['', ...entrants], ...cells]),
    ...notes,
  ].join('\n');
}

export function ratiosText(ratios: readonly Ratio[]): string {
  return [
    'Ratios: with /peer, how many times faster than the peer; the others are costs (product in gradients, lanes in one)',
    ...aligned(ratios.map(({ key, value }) => [key, significant(value)])),
  ].join('\n');
}

/** Everything to be kept or sent: `environment` as "name: value" lines, the tables, the ratios. */
export function reportText(environment: Readonly<Record<string, string | number>>, figures: readonly Figure[]): string {
  return [
    ['Edgescope benchmark', ...Object.entries(environment).map(([name, value]) => `${name}: ${value}`)].join('\n'),
    ...tablesOf(figures).map(tableText),
    `${ratiosText(ratiosOf(figures))}\n`,
  ].join('\n\n');
}
