/** A group of the rail that folds, and the rows in it that are bound to one field of the experiment. */
import { useId, type JSX, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Entry } from '../../experiment/catalogue';
import type { Experiment } from '../../experiment/experiment';
import { FIELDS, type NumberSpec } from '../../experiment/schema';
import { experimentStore } from '../../state/experiment';
import { session } from '../../state/session';
import { Field } from '../../ui/Field';
import { NumberBox } from '../../ui/NumberBox';
import { Select, type Option } from '../../ui/Select';

interface GroupProps {
  readonly title: string;
  /** What the group is set to, seen while it is folded. */
  readonly summary?: string;
  readonly open?: boolean;
  readonly children: ReactNode;
}

export function Group({ title, summary, open = false, children }: GroupProps): JSX.Element {
  return (
    <details className="group" open={open}>
      <summary>
        <h2>{title}</h2>
        {summary !== undefined && <span className="group-summary">{summary}</span>}
      </summary>
      <div className="group-body">{children}</div>
    </details>
  );
}

export function useExperiment(): Experiment {
  return useStore(experimentStore, (state) => state.experiment);
}

type NumberKey = { [K in keyof Experiment]: Experiment[K] extends number | null ? K : never }[keyof Experiment];

interface NumberFieldProps {
  readonly field: NumberKey;
  readonly label: string;
  /** Narrower limits than the field's own, where the data set them. */
  readonly spec?: NumberSpec;
  readonly info?: Entry;
  readonly note?: ReactNode;
  readonly placeholder?: string;
  readonly after?: ReactNode;
}

export function NumberField({ field, label, spec, info, note, placeholder, after }: NumberFieldProps): JSX.Element {
  const id = useId();
  const value = useStore(experimentStore, (state) => state.experiment[field]);
  return (
    <Field label={label} htmlFor={id} note={note} {...(info ? { info } : {})}>
      <NumberBox
        id={id}
        spec={spec ?? (FIELDS[field] as NumberSpec)}
        value={value}
        onCommit={(next) => session.set({ [field]: next })}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      {after}
    </Field>
  );
}

interface ChoiceFieldProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly info?: Entry;
  readonly note?: ReactNode;
}

export function ChoiceField<T extends string>({ label, info, note, ...select }: ChoiceFieldProps<T>): JSX.Element {
  const id = useId();
  return (
    <Field label={label} htmlFor={id} note={note} {...(info ? { info } : {})}>
      <Select id={id} {...select} />
    </Field>
  );
}

/** The entries of a catalogue as options. */
export function optionsOf<T extends string>(entries: Readonly<Record<T, Entry>>): readonly Option<T>[] {
  return (Object.keys(entries) as T[]).map((value) => ({ value, label: entries[value].name }));
}
