/**
 * What the reader made of a CSV file, to be looked over and corrected. Training has begun by then; every correction
 * starts it anew.
 */
import { useId, type JSX } from 'react';
import { useStore } from 'zustand';
import { csvStore } from '../../state/run';
import { session } from '../../state/session';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Select } from '../../ui/Select';
import { Toggle } from '../../ui/Toggle';
import { formatCount } from '../../ui/format';
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
      {left > 0 && <p className="field-note">and {formatCount(left)} more columns</p>}
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
            ? `${classes.length} classes: ${classes.slice(0, 12).join(', ')}${classes.length > 12 ? ', …' : ''}`
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

export function CsvDialog(): JSX.Element {
  const { open, wanted } = useStore(csvDialogStore);
  const { summary, fault } = useStore(csvStore);
  const name = summary?.name ?? 'Your CSV';
  return (
    <Dialog open={open} onClose={closeCsvDialog} title={fault ? 'This file cannot be used' : name}>
      {fault ? (
        <p role="alert">{fault.message}</p>
      ) : (
        summary && (
          <>
            <p>
              {formatCount(summary.rows)} rows, {formatCount(summary.columns.length)} columns. It stays on this device.
            </p>
            {wanted !== '' && !summary.hash.startsWith(wanted) && (
              <p className="complaint">This is not the file that the link was made with: its content differs.</p>
            )}
            <Corrections summary={summary} />
            <Preview summary={summary} />
          </>
        )
      )}
      <p className="dialog-buttons">
        <Button onClick={chooseCsv}>Another file…</Button>
        <Button variant="primary" onClick={closeCsvDialog}>
          {fault ? 'Close' : 'Watch it train'}
        </Button>
      </p>
    </Dialog>
  );
}
