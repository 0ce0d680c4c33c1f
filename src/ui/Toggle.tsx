/** On or off: a native checkbox drawn as a switch. */
import type { JSX } from 'react';

interface ToggleProps {
  readonly id?: string;
  readonly name?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Toggle({ id, name, checked, onChange }: ToggleProps): JSX.Element {
  return (
    <input
      id={id}
      type="checkbox"
      role="switch"
      className="toggle"
      aria-label={name}
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
