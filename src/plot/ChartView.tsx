/**
 * Puts a canvas chart into a page. React renders the frame once; the chart draws by itself. To a screen reader it is an
 * image, or where it takes the focus an application (WAI-ARIA 1.2: arrow keys then reach the chart instead of moving the
 * reader's own cursor), in both cases named by a sentence that is renewed at most once a second.
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
        aria-label=""
        {...(interactive
          ? { role: 'application', 'aria-roledescription': 'chart', tabIndex: 0, 'aria-describedby': help }
          : { role: 'img' })}
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
