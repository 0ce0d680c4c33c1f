/**
 * A slider on a native range input. While the thumb moves the owner gets previews; the value is committed on release,
 * or when it has rested for 150 ms. A committed value stays under the thumb until the owner shows it (the worker has
 * confirmed it), so that nothing jumps back and forth. Keys: arrows one step, with Shift ten; Home and End.
 */
import { useEffect, useRef, useState, type CSSProperties, type JSX } from 'react';
import { fraction, positionAfterKey, positionOf, valueAt, type Scale } from './slider';

const REST_MS = 150;
/** After this long a committed value that nobody confirmed is given up. */
const GIVE_UP_MS = 1500;

interface SliderProps {
  /** Spoken name. */
  readonly name: string;
  readonly scale: Scale;
  readonly value: number;
  readonly valueText: (value: number) => string;
  readonly onPreview?: (value: number) => void;
  readonly onCommit: (value: number) => void;
  /** A stretch of the scale to be shaded. */
  readonly shade?: { readonly from: number; readonly to: number } | null;
  /** Values marked beneath the track. */
  readonly ticks?: readonly { readonly value: number; readonly label: string }[];
  readonly describedBy?: string;
}

interface Draft {
  readonly value: number;
  /** The owner's value when the draft was committed; null while the thumb is still on its way. */
  readonly before: number | null;
}

export function Slider(props: SliderProps): JSX.Element {
  const { name, scale, value, valueText, onPreview, onCommit, shade, ticks, describedBy } = props;
  const [draft, setDraft] = useState<Draft | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef({ value, onCommit, held: false });
  useEffect(() => {
    latest.current.value = value;
    latest.current.onCommit = onCommit;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const shown = draft !== null && (draft.before === null || draft.before === value) ? draft.value : value;
  const position = positionOf(scale, shown);

  const commit = (next: number): void => {
    clearTimeout(timer.current);
    setDraft({ value: next, before: latest.current.held ? null : latest.current.value });
    timer.current = setTimeout(() => {
      if (!latest.current.held) setDraft(null);
    }, GIVE_UP_MS);
    if (next !== latest.current.value) latest.current.onCommit(next);
  };
  const move = (to: number): void => {
    const next = valueAt(scale, to);
    setDraft({ value: next, before: null });
    onPreview?.(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => commit(next), REST_MS);
  };
  const release = (): void => {
    latest.current.held = false;
    if (draft !== null && draft.before === null) commit(draft.value);
  };

  const place = (v: number): string => `calc(var(--thumb) / 2 + ${fraction(scale, v)} * (100% - var(--thumb)))`;
  // A stretch that ends with the scale is shaded to the end of the track.
  const region: CSSProperties | null = shade
    ? { left: place(shade.from), right: shade.to >= scale.max ? 0 : `calc(100% - ${place(shade.to)})` }
    : null;

  return (
    <span className="slider">
      <span className="slider-track" aria-hidden="true">
        {region && <i className="slider-shade" style={region} />}
        {ticks?.map((tick) => (
          <span key={tick.label} className="slider-tick" style={{ left: place(tick.value) }}>
            {tick.label}
          </span>
        ))}
      </span>
      <input
        type="range"
        min={0}
        max={scale.positions}
        step={1}
        value={position}
        aria-label={name}
        aria-valuetext={valueText(shown)}
        aria-describedby={describedBy}
        onChange={(event) => move(Number(event.currentTarget.value))}
        onPointerDown={() => {
          latest.current.held = true;
        }}
        onPointerUp={release}
        onPointerCancel={release}
        onBlur={release}
        onKeyDown={(event) => {
          if (event.altKey || event.ctrlKey || event.metaKey) return;
          const next = positionAfterKey(scale, position, event.key, event.shiftKey);
          if (next === null) return;
          event.preventDefault();
          event.stopPropagation();
          if (next !== position) move(next);
        }}
      />
    </span>
  );
}
