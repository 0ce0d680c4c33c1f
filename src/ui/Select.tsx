/** A native select: every device has its own good one. */
import type { JSX } from 'react';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface SelectProps<T extends string> {
  readonly id?: string;
  /** Spoken name where no label element points here. */
  readonly name?: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

export function Select<T extends string>({
  id,
  name,
  value,
  options,
  onChange,
  disabled,
}: SelectProps<T>): JSX.Element {
  return (
    <select
      id={id}
      className="select"
      aria-label={name}
      value={value}
      disabled={disabled}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value);
        if (chosen) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
