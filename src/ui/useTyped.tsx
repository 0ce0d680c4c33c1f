/**
 * Text typed into a box, until it is accepted. It commits on Enter and when the box is left; text that cannot be read is
 * answered with one sentence. A box that has been left shows the value in force again, and the sentence stays until
 * something else is done. Escape brings the value back.
 */
import { useEffect, useId, useState, type InputHTMLAttributes, type JSX } from 'react';

export type TypedReading<T> = { readonly value: T } | { readonly message: string };

interface Typed {
  /** What makes an input such a box. */
  readonly input: InputHTMLAttributes<HTMLInputElement>;
  /** The sentence, to be placed in the row of the box. */
  readonly complaint: JSX.Element | null;
}

/** A sentence below the box may lie outside what is scrolled into view. */
function reveal(sentence: HTMLElement | null): void {
  sentence?.scrollIntoView({ block: 'nearest' });
}

/** `present` is the text of the value in force; `read` judges typed text; `commit` is handed what it accepts. */
export function useTyped<T>(
  present: string,
  read: (text: string) => TypedReading<T>,
  commit: (value: T) => void,
): Typed {
  const [text, setText] = useState<string | null>(null);
  const [answer, setAnswer] = useState<{ readonly message: string; readonly present: string } | null>(null);
  const id = useId();
  // Once another value is in force the sentence has been overtaken.
  const message = answer !== null && answer.present === present ? answer.message : null;

  const leftAlone = message !== null && text === null;
  useEffect(() => {
    if (!leftAlone) return;
    const forget = (): void => setAnswer(null);
    addEventListener('pointerdown', forget);
    addEventListener('keydown', forget);
    return () => {
      removeEventListener('pointerdown', forget);
      removeEventListener('keydown', forget);
    };
  }, [leftAlone]);

  const take = (left: boolean): void => {
    if (text === null) return;
    const reading = read(text);
    if ('message' in reading) {
      setAnswer({ message: reading.message, present });
      if (left) setText(null);
      return;
    }
    setText(null);
    setAnswer(null);
    commit(reading.value);
  };

  return {
    input: {
      type: 'text',
      autoComplete: 'off',
      spellCheck: false,
      className: 'box',
      'aria-invalid': message !== null && text !== null,
      'aria-describedby': message === null ? undefined : id,
      value: text ?? present,
      onChange: (event) => {
        setText(event.currentTarget.value);
        setAnswer(null);
      },
      onBlur: () => take(true),
      onKeyDown: (event) => {
        if (event.key === 'Enter') take(false);
        if (event.key === 'Escape' && text !== null) {
          event.stopPropagation();
          setText(null);
          setAnswer(null);
        }
      },
    },
    complaint:
      message === null ? null : (
        <span id={id} className="complaint" role="alert" ref={reveal}>
          {message}
        </span>
      ),
  };
}
