/**
 * Puts a canvas chart into a page. React renders the frame once; the chart draws by itself. The canvas is one image to
 * a screen reader, described in a sentence that is renewed at most once a second.
 */
import { useEffect, useId, useRef, type ReactElement } from 'react';
import './plot.css';

export interface ChartSlots {
  readonly host: HTMLElement;
  readonly readout: HTMLElement;
  readonly announce: (text: string) => void;
  /** Says that the description may have changed. */
  readonly describe: () => void;
}

interface ChartViewProps {
  /** Builds the chart in its slots; returns what takes it down. Must be stable between renders. */
  readonly mount: (slots: ChartSlots) => () => void;
  /** One sentence on what the chart shows now. Must be stable between renders. */
  readonly summary: () => string;
  /** Whether the chart takes the focus and keys. */
  readonly interactive?: boolean;
  readonly className?: string;
}

const RENEWAL_MS = 1000;

export function ChartView({ mount, summary, interactive = true, className = '' }: ChartViewProps): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLDivElement>(null);
  const live = useRef<HTMLParagraphElement>(null);
  const help = useId();

  useEffect(() => {
    const element = host.current;
    if (!element || !readout.current) return;
    let timer = 0;
    const renew = (): void => {
      timer = 0;
      element.setAttribute('aria-label', summary());
    };
    const unmount = mount({
      host: element,
      readout: readout.current,
      announce: (text) => {
        if (live.current) live.current.textContent = text;
      },
      describe: () => {
        if (timer === 0) timer = window.setTimeout(renew, RENEWAL_MS);
      },
    });
    renew();
    return () => {
      clearTimeout(timer);
      unmount();
    };
  }, [mount, summary]);

  return (
    <div className={`plot ${className}`}>
      <div
        ref={host}
        className="plot-host"
        role="img"
        aria-label=""
        {...(interactive && { tabIndex: 0, 'aria-describedby': help })}
      />
      <div ref={readout} className="plot-readout" aria-hidden="true" hidden />
      {interactive && (
        <>
          <p ref={live} className="plot-live" aria-live="polite" />
          <p id={help} hidden>
            Left and right arrows move the crosshair from sample to sample, plus and minus zoom, 0 shows the whole run.
          </p>
        </>
      )}
    </div>
  );
}
