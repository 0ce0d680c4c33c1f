/** Hidden widths as text, with one button that adds a layer and one that takes it away. */
import { useId, useState, type JSX } from 'react';
import { session } from '../../state/session';
import { IconButton } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { useExperiment } from './Group';
import { readWidths, widthsText, withLayer, withoutLayer } from './widths';

export function WidthsBox({ note }: { readonly note: string | null }): JSX.Element {
  const { net } = useExperiment();
  const [text, setText] = useState<string | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const id = useId();
  const messageId = useId();
  const [more, fewer] = [withLayer(net), withoutLayer(net)];

  const put = (widths: readonly number[] | null): void => {
    setText(null);
    setMessage(null);
    if (widths && widthsText(widths) !== widthsText(net)) session.set({ net: widths, bias: [true] });
  };
  const commit = (): void => {
    if (text === null) return;
    const reading = readWidths(text);
    if ('message' in reading) setMessage(reading.message);
    else put(reading.widths);
  };

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
        <input
          id={id}
          type="text"
          className="box"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={message !== null}
          aria-describedby={message === null ? undefined : messageId}
          value={text ?? widthsText(net)}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setMessage(null);
          }}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape' && text !== null) {
              event.stopPropagation();
              put(null);
            }
          }}
        />
        <IconButton icon="plus" name="One layer more" size={16} disabled={more === null} onClick={() => put(more)} />
      </span>
      {message !== null && (
        <span id={messageId} className="complaint" role="alert">
          {message}
        </span>
      )}
    </Field>
  );
}
