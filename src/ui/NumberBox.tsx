/**
 * A box for a number. It commits on Enter and when it is left; text that is no number, or out of bounds, stays as typed
 * and is answered with one sentence; Escape brings the value back.
 */
import { useId, useState, type JSX } from 'react';
import type { NumberSpec } from '../experiment/schema';
import { boxText, readNumber } from './reading';

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
  const [text, setText] = useState<string | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const messageId = useId();

  const commit = (): void => {
    if (text === null) return;
    const reading = readNumber(text, spec);
    if ('message' in reading) {
      setMessage(reading.message);
      return;
    }
    setText(null);
    setMessage(null);
    if (reading.value !== value) onCommit(reading.value);
  };

  return (
    <span className="number-box">
      <input
        id={id}
        type="text"
        inputMode={spec.kind === 'integer' ? 'numeric' : 'decimal'}
        autoComplete="off"
        spellCheck={false}
        className="box"
        aria-label={name}
        aria-invalid={message !== null}
        aria-describedby={message === null ? undefined : messageId}
        placeholder={placeholder}
        value={text ?? boxText(value)}
        onChange={(event) => {
          setText(event.currentTarget.value);
          if (message !== null) setMessage(null);
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape' && text !== null) {
            event.stopPropagation();
            setText(null);
            setMessage(null);
          }
        }}
      />
      {message !== null && (
        <span id={messageId} className="complaint" role="alert">
          {message}
        </span>
      )}
    </span>
  );
}
