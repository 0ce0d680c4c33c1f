/** The benchmark as plain text: one table a problem, in repetitions a second, then the ratios. */
import { ratiosOf, type Ratio } from './ratios';
import {
  ENTRANTS,
  ROUNDS,
  SIZES,
  WORKS,
  READING,
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
  readonly notes: readonly string[];
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
        cells: entrants.map((id) => {
          const about = (wanted: Work | null): Figure | undefined =>
            own.find((figure) => figure.work === wanted && figure.entrant === id);
          // Who could not be made ready has no figure in any row.
          return about(work) ?? about(null) ?? null;
        }),
      }));
    return { problem, entrants, rows, notes: notesOf(own) };
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
function notesOf(figures: readonly Figure[]): string[] {
  const works = new Map<string, Set<Work>>();
  for (const { entrant, note, work } of figures) {
    if (note === null) continue;
    const key = `${entrant}: ${note}`;
    const about = works.get(key) ?? new Set<Work>();
    works.set(key, work === null ? about : about.add(work));
  }
  return [...works].map(([words, about]) => (about.size === 0 ? words : `${words} (${[...about].join(', ')})`));
}

export function tableText({ problem, entrants, rows, notes }: Table): string {
  const cells = rows.map(({ work, cells }) => [
    WORKS[work],
    ...cells.map((figure) => (figure === null ? '' : figure.ms === null ? '–' : rate(figure.ms))),
  ]);
  return [
    `${problem} (${describeSize(SIZES[problem])}), how many a second`,
    ...aligned([['', ...entrants], ...cells]),
    ...notes,
  ].join('\n');
}

/** `aims` may name what a ratio is meant to reach, by its key: a column beside the values. */
export function ratiosText(ratios: readonly Ratio[], aims?: (ratio: Ratio) => string): string {
  const cells = ratios.map((ratio) => [ratio.key, significant(ratio.value), ...(aims ? [aims(ratio)] : [])]);
  return [
    'Ratios: with /peer, how many times as fast as the peer, more is better; the others are costs, less is better',
    ...aligned(aims ? [['', '', 'aim'], ...cells] : cells),
  ].join('\n');
}

/** Everything to be kept or sent: `environment` as "name: value" lines, the tables, the ratios, how to read them. */
export function reportText(environment: Readonly<Record<string, string | number>>, figures: readonly Figure[]): string {
  return [
    ['Edgescope benchmark', ...Object.entries(environment).map(([name, value]) => `${name}: ${value}`)].join('\n'),
    ...tablesOf(figures).map(tableText),
    ratiosText(ratiosOf(figures)),
    `${READING.join('\n')}\n`,
  ].join('\n\n');
}
