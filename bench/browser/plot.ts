/**
 * The app's chart over steps with very many samples, drawn anew again and again, as when a run grows: the stability
 * chart's kind of model, four lines of which one swings from step to step, each with an error band. Told by bench/page.ts.
 */
import { Alignment } from '../../src/plot/frame';
import type { ChartModel, Columns, CursorState, Line } from '../../src/plot/model';
import { TimeChart } from '../../src/plot/TimeChart';

declare global {
  interface Window {
    /** Milliseconds from the beginning of a frame to the end of its drawing, pixels included, for each of `count` frames. */
    drawPlot: (samples: number, count: number) => Promise<number[]>;
  }
}

const LINES: readonly (readonly [string, Line['colour'], boolean])[] = [
  ['midpoint', 'midpoint', false],
  ['lambda1', 'lambda-1', true],
  ['lambda2', 'lambda-2', false],
  ['lambda3', 'lambda-3', false],
];

function line([id, colour, swings]: (typeof LINES)[number]): Line {
  return { id, residual: `${id}.residual`, symbol: id, name: id, colour, weight: 1, dash: [], opacity: 1, swings };
}

/** A curve that climbs to 20 and stays about it, with a spike now and then, and a gap where nothing was measured. */
function columns(samples: number): Columns {
  const steps = Float64Array.from({ length: samples }, (_, i) => i);
  const made = new Map<string, Float64Array>();
  LINES.forEach(([id, , swings], l) => {
    const level = 20 - 4 * l;
    const values = steps.map((i) => {
      if (i % 50_000 < 100) return NaN;
      const spike = i % 9973 === 0 ? 6 : 0;
      return level * Math.min(1, i / (0.2 * samples)) + (swings && i % 2 === 0 ? 0.6 : 0) + 0.1 * Math.sin(i) + spike;
    });
    made.set(id, values);
    made.set(
      `${id}.residual`,
      values.map((value) => 0.002 * value),
    );
  });
  return { length: samples, steps, column: (id) => made.get(id) };
}

function cursor(): { getState(): CursorState; setState(): void; subscribe(): () => void } {
  return { getState: () => ({ cursor: null, domain: null }), setState: () => {}, subscribe: () => () => {} };
}

function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`This page has no ${selector}.`);
  return found;
}

window.drawPlot = async (samples, count) => {
  const host = element('.plot-host');
  let painted: (() => void) | null = null;
  const chart = new TimeChart({
    host,
    readout: element('.plot-readout'),
    alignment: new Alignment(),
    cursor: cursor(),
    stepName: 'step',
    announce: () => {},
    onPaint: () => painted?.(),
  });
  const data = columns(samples);
  const model: ChartModel = {
    data,
    lines: LINES.map(line),
    level: { id: 'threshold', symbol: '2/η', now: 20, preview: null, breaks: [{ step: 0, value: 20 }] },
    markers: [],
    scale: 'linear',
    live: true,
  };
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    times.push(
      await new Promise<number>((resolve) => {
        let begun = NaN;
        // Asked for before the chart asks, so that it comes first in the same frame.
        requestAnimationFrame(() => (begun = performance.now()));
        painted = () => {
          // Reading a pixel waits until all of them are there.
          host.querySelector('canvas')?.getContext('2d')?.getImageData(0, 0, 1, 1);
          resolve(performance.now() - begun);
        };
        chart.set(model);
      }),
    );
  }
  chart.destroy();
  return times;
};
