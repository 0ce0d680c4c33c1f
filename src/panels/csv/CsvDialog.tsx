/**
 * What the reader made of a CSV file, to be looked over and corrected. Training has begun by then, or has been refused
 * with a sentence; every correction starts it anew.
 */
import { useId, type JSX } from 'react';
import { useStore } from 'zustand';
import { csvStore, runStore } from '../../state/run';
import { session } from '../../state/session';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Select } from '../../ui/Select';
import { Toggle } from '../../ui/Toggle';
import { formatCounted } from '../../ui/format';
import type { CsvSummary } from '../../worker/protocol';
import { useExperiment } from '../controls/Group';
import { chooseCsv, closeCsvDialog, csvDialogStore } from './open';
import './csv.css';

/** Columns shown in the preview; a file may have hundreds. */
const MOST_COLUMNS = 12;

function Preview({ summary }: { readonly summary: CsvSummary }): JSX.Element {
  const { columns, target, preview } = summary;
  // The target leads, wherever it stands in the file.
  const inputs = columns.map((_, i) => i).filter((i) => i !== target);
  const shown = [target, ...inputs.slice(0, MOST_COLUMNS - 1)];
  const left = columns.length - shown.length;
  return (
    <div className="csv-preview" tabIndex={0} role="region" aria-label="First rows">
      <table>
        <caption className="unseen">The first rows of {summary.name}</caption>
        <thead>
          <tr>
            {shown.map((i) => (
              <th key={i} scope="col" className={i === target ? 'is-target' : undefined}>
                {columns[i].name}
                <small>
                  {i === target ? 'target, ' : ''}
                  {columns[i].kind}
                </small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.map((row, r) => (
            <tr key={r}>
              {shown.map((i) => (
                <td key={i} className={i === target ? 'is-target' : undefined}>
                  {row[i]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p className="field-note">and {formatCounted(left, 'more column', 'more columns')}</p>}
    </div>
  );
}

function Corrections({ summary }: { readonly summary: CsvSummary }): JSX.Element {
  const { std } = useExperiment();
  const ids = { header: useId(), target: useId(), task: useId(), std: useId() };
  const { columns, target, task, classes } = summary;
  return (
    <div className="csv-fields">
      <Field label="First line is a header" htmlFor={ids.header}>
        <Toggle
          id={ids.header}
          checked={summary.header}
          onChange={(checked) => session.set({ header: checked ? 'yes' : 'no' })}
        />
      </Field>
      <Field label="Target column" htmlFor={ids.target}>
        <Select
          id={ids.target}
          value={String(target + 1)}
          options={columns.map((column, i) => ({ value: String(i + 1), label: `${i + 1}: ${column.name}` }))}
          onChange={(next) => session.set({ target: next, task: 'auto' })}
        />
      </Field>
      <Field
        label="The target is"
        htmlFor={ids.task}
        note={
          task === 'classification'
            ? `${formatCounted(classes.length, 'class', 'classes')}: ${classes.slice(0, 12).join(', ')}${classes.length > 12 ? ', …' : ''}`
            : null
        }
      >
        <Select
          id={ids.task}
          value={task}
          options={[
            { value: 'classification', label: 'a class' },
            { value: 'regression', label: 'a number' },
          ]}
          onChange={(next) => session.set({ task: next })}
        />
      </Field>
      <Field label="Standardise the columns" htmlFor={ids.std}>
        <Toggle id={ids.std} checked={std} onChange={(checked) => session.set({ std: checked })} />
      </Field>
    </div>
  );
}

/** The focus goes to the charts rather than back to the button: what was asked for happens there, and Space pauses it. */
function leave(): void {
  closeCsvDialog();
  document.querySelector('main')?.focus();
}

export function CsvDialog(): JSX.Element {
  const { open } = useStore(csvDialogStore);
  const { summary, expected, fault: unread } = useStore(csvStore);
  const phase = useStore(runStore, (state) => state.phase);
  const refused = useStore(runStore, ({ phase, fault }) =>
    phase === 'failed' && fault?.code === 'data' ? fault : null,
  );
  const fault = unread ?? refused;
  const looked = unread ? null : summary;
  return (
    <Dialog
      open={open}
      onClose={leave}
      title={fault ? 'This file cannot be used as it is' : (summary?.name ?? 'Your CSV')}
    >
      {fault && (
        <p role="alert" className="csv-fault">
          {fault.message}
        </p>
      )}
      {looked && (
        <>
          <p>
            {fault ? `${looked.name}: ` : ''}
            {formatCounted(looked.rows, 'row', 'rows')}, {formatCounted(looked.columns.length, 'column', 'columns')}. It
            stays on this device.
          </p>
          {expected !== '' && !looked.hash.startsWith(expected) && (
            <p className="complaint">This is not the file that the link was made with: its content differs.</p>
          )}
          <Corrections summary={looked} />
          <Preview summary={looked} />
        </>
      )}
      <p className="dialog-buttons">
        <Button variant={fault ? 'primary' : 'plain'} onClick={chooseCsv}>
          Choose another file…
        </Button>
        {fault ? (
          <Button onClick={closeCsvDialog}>Close</Button>
        ) : (
          <Button variant="primary" disabled={phase === 'loading'} onClick={closeCsvDialog}>
            {phase === 'loading' ? 'Reading…' : 'Watch it train'}
          </Button>
        )}
      </p>
    </Dialog>
  );
}
