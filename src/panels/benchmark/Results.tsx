/** What the benchmark has found: who takes part on what, and for each problem a table and its ratios. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { ratiosOf, type Ratio } from '../../benchmark/report/ratios';
import {
  describeSize,
  ENGINES,
  NAMES,
  SIZES,
  WORKS,
  type Figure,
  type ProblemId,
} from '../../benchmark/report/subject';
import type { EngineId } from '../../experiment/experiment';
import { notesOf, rate, significant, tablesOf, type Table } from '../../benchmark/report/text';
import { environmentOf } from './environment';
import { benchmarkStore } from './session';

function Environment(): JSX.Element | null {
  const { phase, participants, missing, quick } = useStore(benchmarkStore);
  if (phase === 'idle') return null;
  return (
    <section aria-label="Where the figures come from">
      <dl className="benchmark-environment">
        {Object.entries(environmentOf(participants, quick)).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {missing.map(({ entrant, reason }) => (
          <div key={entrant}>
            <dt>{NAMES[entrant]}</dt>
            <dd className="bad">takes no part: {reason}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** A figure; an empty cell where the work is not one's own. */
function Cell({ figure }: { readonly figure: Figure | null }): JSX.Element {
  if (figure === null) return <td />;
  if (figure.ms === null) return <td aria-label={`none: ${figure.note ?? 'no reason given'}`}>–</td>;
  return <td>{rate(figure.ms)}</td>;
}

function Rates({ table }: { readonly table: Table }): JSX.Element {
  return (
    <div className="benchmark-scroll" tabIndex={0} role="group" aria-label={`Figures of ${table.problem}`}>
      <table>
        <caption>How many a second</caption>
        <thead>
          <tr>
            <td />
            {table.entrants.map((id) => (
              <th key={id} scope="col">
                {NAMES[id]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(({ work, cells }) => (
            <tr key={work}>
              <th scope="row">{WORKS[work]}</th>
              {cells.map((figure, i) => (
                <Cell key={table.entrants[i]} figure={figure} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Ratios({ ratios, problem }: { readonly ratios: readonly Ratio[]; readonly problem: ProblemId }): JSX.Element {
  const engines = ENGINES.filter((id) => ratios.some(({ engine }) => engine === id));
  const statements = [...new Set(ratios.map(({ words }) => words))];
  const value = (words: string, id: EngineId): string => {
    const found = ratios.find((ratio) => ratio.words === words && ratio.engine === id);
    return found ? significant(found.value) : '';
  };
  return (
    <div className="benchmark-scroll" tabIndex={0} role="group" aria-label={`Ratios of ${problem}`}>
      <table>
        <caption>Ratios</caption>
        <thead>
          <tr>
            <td />
            {engines.map((id) => (
              <th key={id} scope="col">
                {NAMES[id]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {statements.map((words) => (
            <tr key={words}>
              <th scope="row">{words}</th>
              {engines.map((id) => (
                <td key={id}>{value(words, id)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Results(): JSX.Element {
  const { figures } = useStore(benchmarkStore);
  const ratios = ratiosOf(figures);
  return (
    <>
      <Environment />
      {tablesOf(figures).map((table) => (
        <section key={table.problem} aria-labelledby={`of-${table.problem}`}>
          <h2 id={`of-${table.problem}`}>
            {table.problem} <small>{describeSize(SIZES[table.problem])}</small>
          </h2>
          <Rates table={table} />
          <ul className="benchmark-notes">
            {notesOf(figures.filter(({ problem }) => problem === table.problem)).map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
          <Ratios problem={table.problem} ratios={ratios.filter(({ problem }) => problem === table.problem)} />
        </section>
      ))}
    </>
  );
}
