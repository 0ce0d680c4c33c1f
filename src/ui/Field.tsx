/** One row of the rail: a label, an optional (i), a control, and below it what is wrong or worth knowing. */
import type { JSX, ReactNode } from 'react';
import type { Entry } from '../experiment/catalogue';
import { Info } from './Info';

interface FieldProps {
  readonly label: string;
  /** Id of the control; without one the row labels a group. */
  readonly htmlFor?: string;
  readonly info?: Entry;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

export function Field({ label, htmlFor, info, note, children }: FieldProps): JSX.Element {
  return (
    <div className="field">
      <span className="field-label">
        {htmlFor === undefined ? <span>{label}</span> : <label htmlFor={htmlFor}>{label}</label>}
        {info && <Info entry={info} />}
      </span>
      <span className="field-control">{children}</span>
      {note !== undefined && note !== null && <p className="field-note">{note}</p>}
    </div>
  );
}
