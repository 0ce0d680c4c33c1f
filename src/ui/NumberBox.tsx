/** A box for a number, within the limits of its field. */
import type { JSX } from 'react';
import type { NumberSpec } from '../experiment/schema';
import { boxText, readNumber } from './reading';
import { useTyped } from './useTyped';

interface NumberBoxProps {
  readonly id?: string;
  readonly name?: string;
  readonly spec: NumberSpec;
  readonly value: number | null;
  /** null only where the field can be unset. */
  readonly onCommit: (value: number | null) => void;
  readonly placeholder?: string;
}

export function NumberBox({ id, name, spec, value, onCommit, placeholder }: NumberBoxProps): JSX.Element {
  const { input, complaint } = useTyped(
    boxText(value),
    (text) => readNumber(text, spec),
    (next) => {
      if (next !== value) onCommit(next);
    },
  );
  return (
    <span className="number-box">
      <input
        id={id}
        inputMode={spec.kind === 'integer' ? 'numeric' : 'decimal'}
        aria-label={name}
        placeholder={placeholder}
        {...input}
      />
      {complaint}
    </span>
  );
}
