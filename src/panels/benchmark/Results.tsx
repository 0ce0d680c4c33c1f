/** What the benchmark has found: who takes part on what, and for each problem a table and its ratios. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { ratiosOf, type Ratio } from '../../benchmark/report/ratios';
import {
  describeSize,
  ENGINES,
  NAMES,
  READING,
  SIZES,
  WORKS,
  type EntrantId,
  type Figure,
  type ProblemId,
} from '../../benchmark/report/subject';
import type { EngineId } from '../../experiment/experiment';
import { rate, significant, tablesOf, type Table } from '../../benchmark/report/text';
import { environmentOf } from './environment';
import { benchmarkStore, isEarlierShown, shownResults, type Missing, type Results as Found } from './session';

/** What `npm run bench` has and this page has not. */
const LEFT_OUT =
  'In the terminal, “npm run bench” also times PyTorch and the largest problem, and counts memory: none of that is here.';

/** Those who could not be started. */
function Absent({ missing }: { readonly missing: readonly Missing[] }): JSX.Element[] {
  return missing.map(({ entrant, reason }) => (
    <div key={entrant}>
      <dt>{NAMES[entrant]}</dt>
      <dd className="bad">takes no part: {reason}</dd>
    </div>
  ));
}

/** What the latest run has to say while the figures shown are those of the run before. */
function Latest({ missing }: { readonly missing: readonly Missing[] }): JSX.Element {
  return (
    <>
      {missing.length > 0 && (
        <section aria-label="The latest run">
          <dl className="benchmark-environment">
            <Absent missing={missing} />
          </dl>
        </section>
      )}
      <p className="benchmark-earlier">The figures below are those of the run before.</p>
    </>
  );
}

function Environment({ results }: { readonly results: Found }): JSX.Element | null {
  if (results.begun === null) return null;
  return (
    <section aria-label="Where the figures come from">
      <dl className="benchmark-environment">
        {Object.entries(environmentOf(results)).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <Absent missing={results.missing} />
      </dl>
    </section>
  );
}

interface GridProps {
  /** Of the whole, for those who hear it. */
  readonly label: string;
  readonly caption: string;
  readonly columns: readonly EntrantId[];
  readonly rows: readonly { readonly title: string; readonly cells: readonly JSX.Element[] }[];
}

/** A table that scrolls sideways where it has no room. */
function Grid({ label, caption, columns, rows }: GridProps): JSX.Element {
  return (
    <div className="benchmark-scroll" tabIndex={0} role="group" aria-label={label}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <td />
            {columns.map((id) => (
              <th key={id} scope="col">
                {NAMES[id]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, cells }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {cells}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Rates({ table: { problem, entrants, rows } }: { readonly table: Table }): JSX.Element {
  /** A figure; an empty cell where the work is not one's own. */
  const cell = (figure: Figure | null, i: number): JSX.Element => {
    const key = entrants[i];
    if (figure === null) return <td key={key} />;
    if (figure.ms !== null) return <td key={key}>{rate(figure.ms)}</td>;
    return (
      <td key={key} aria-label={`none: ${figure.note ?? 'no reason given'}`}>
        –
      </td>
    );
  };
  return (
    <Grid
      label={`Figures of ${problem}`}
      caption="How many a second"
      columns={entrants}
      rows={rows.map(({ work, cells }) => ({ title: WORKS[work], cells: cells.map(cell) }))}
    />
  );
}

function Ratios({ ratios, problem }: { readonly ratios: readonly Ratio[]; readonly problem: ProblemId }): JSX.Element {
  const engines = ENGINES.filter((id) => ratios.some(({ engine }) => engine === id));
  const statements = [...new Set(ratios.map(({ words }) => words))];
  const cell = (words: string, id: EngineId): JSX.Element => {
    const found = ratios.find((ratio) => ratio.words === words && ratio.engine === id);
    return <td key={id}>{found ? significant(found.value) : ''}</td>;
  };
  return (
    <Grid
      label={`Ratios of ${problem}`}
      caption="Ratios"
      columns={engines}
      rows={statements.map((words) => ({ title: words, cells: engines.map((id) => cell(words, id)) }))}
    />
  );
}

/** What must be known to read the tables. */
function Reading(): JSX.Element {
  return (
    <section aria-labelledby="reading">
      <h2 id="reading">How to read it</h2>
      {[...READING, LEFT_OUT].map((words) => (
        <p key={words} className="benchmark-lead">
          {words}
        </p>
      ))}
    </section>
  );
}

export function Results(): JSX.Element {
  const results = useStore(benchmarkStore, shownResults);
  const earlier = useStore(benchmarkStore, isEarlierShown);
  const { missing } = useStore(benchmarkStore, (state) => state.latest);
  const { figures } = results;
  const ratios = ratiosOf(figures);
  return (
    <>
      {earlier && <Latest missing={missing} />}
      <Environment results={results} />
      {tablesOf(figures).map((table) => (
        <section key={table.problem} aria-labelledby={`of-${table.problem}`}>
          <h2 id={`of-${table.problem}`}>
            {table.problem} <small>{describeSize(SIZES[table.problem])}</small>
          </h2>
          <Rates table={table} />
          <ul className="benchmark-notes">
            {table.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
          <Ratios problem={table.problem} ratios={ratios.filter(({ problem }) => problem === table.problem)} />
        </section>
      ))}
      {figures.length > 0 && <Reading />}
    </>
  );
}
