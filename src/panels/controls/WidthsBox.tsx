/** Hidden widths as text, with one button that adds a layer and one that takes it away. */
import { useId, type JSX } from 'react';
import { session } from '../../state/session';
import { IconButton } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { useTyped, type TypedReading } from '../../ui/useTyped';
import { useExperiment } from './Group';
import { readWidths, widthsText, withLayer, withoutLayer } from './widths';

function read(text: string): TypedReading<readonly number[]> {
  const reading = readWidths(text);
  return 'message' in reading ? reading : { value: reading.widths };
}

export function WidthsBox({ note }: { readonly note: string | null }): JSX.Element {
  const { net } = useExperiment();
  const id = useId();
  const [more, fewer] = [withLayer(net), withoutLayer(net)];
  const put = (widths: readonly number[] | null): void => {
    if (widths && widthsText(widths) !== widthsText(net)) session.set({ net: widths, bias: [true] });
  };
  const { input, complaint } = useTyped(widthsText(net), read, put);
  return (
    <Field label="Hidden" htmlFor={id} note={note}>
      <span className="with-steppers">
        <IconButton
          icon="minus"
          name="One layer fewer"
          size={16}
          disabled={fewer === null}
          onClick={() => put(fewer)}
        />
        <input id={id} {...input} />
        <IconButton icon="plus" name="One layer more" size={16} disabled={more === null} onClick={() => put(more)} />
      </span>
      {complaint}
    </Field>
  );
}
