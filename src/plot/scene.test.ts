/** Whole charts, drawn as SVG: what a reader finds in them. */
import { describe, expect, it } from 'vitest';
import { Alignment } from './frame';
import type { ChartModel, Columns, Line } from './model';
import { Scene } from './scene';
import { SvgPen } from './svg';
import { FALLBACK_THEME } from './theme';
import { fullDomain } from './viewport';

const WIDTH = 800;
const HEIGHT = 400;
const measure = (text: string): TextMetrics => ({ width: 7 * text.length }) as TextMetrics;

function columns(length: number, of: Record<string, (step: number) => number>): Columns {
  const steps = Float64Array.from({ length }, (_, i) => i);
  const made = new Map(Object.entries(of).map(([id, value]) => [id, steps.map(value)]));
  return { length, steps, column: (id) => made.get(id) };
}

function line(id: string, symbol: string, residual: string | null = null): Line {
  return { id, residual, symbol, name: symbol, colour: 'lambda-1', weight: 1, dash: [4, 2], opacity: 1, swings: false };
}

function figure(model: ChartModel, theme = FALLBACK_THEME): string {
  const scene = new Scene();
  const pen = new SvgPen(measure);
  const { steps, length } = model.data;
  scene.layOut(
    pen,
    theme,
    WIDTH,
    HEIGHT,
    model,
    fullDomain(length > 0 ? steps[length - 1] : 0),
    false,
    new Alignment(),
  );
  scene.paint(pen, theme, model, WIDTH, 'step');
  return pen.document(WIDTH, HEIGHT, theme.colours.paper, 'A <figure>');
}

function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
}

const EDGE: ChartModel = {
  data: columns(1000, {
    sharpness: (step) => Math.min(20, 2 + step / 10) + (step % 2 === 0 ? 0.5 : -0.5),
    'sharpness.residual': () => 0.3,
    limit: () => 20,
  }),
  lines: [line('sharpness', 'λ₁', 'sharpness.residual')],
  level: { id: 'limit', symbol: '2/η', now: 20, preview: 40, breaks: [] },
  markers: [
    { shape: 'diamond', step: 180, value: 20, label: 'edge reached', plural: '', colour: 'ink' },
    { shape: 'rule', step: 600, value: null, label: 'η = 0.1', plural: '', colour: 'ink-3' },
    { shape: 'cross', step: 999, value: null, label: 'diverged', plural: '', colour: 'bad' },
  ],
  scale: 'linear',
  live: false,
};

describe('a chart', () => {
  it('labels its lines, its level, the preview and its markers', () => {
    const svg = figure(EDGE);
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['λ₁', '2/η = 20', '2/η = 40', 'edge reached', 'η = 0.1', 'diverged', 'step', '0', '20']),
    );
    expect(svg).toContain('stroke-dasharray');
    expect(svg).toContain(`stroke="${FALLBACK_THEME.colours.threshold}"`);
    expect(svg).toContain('opacity="0.22"');
    expect(svg).toContain('<title>A &lt;figure&gt;</title>');
    expect(svg).not.toContain('NaN');
    expect(svg.match(/<g /g)?.length).toBe(svg.match(/<\/g>/g)?.length);
  });

  it('takes large type with fewer ticks', () => {
    const small = texts(figure(EDGE)).length;
    const large = texts(figure(EDGE, { ...FALLBACK_THEME, text: 28 }));
    expect(large.length).toBeLessThan(small);
    expect(large).toContain('2/η = 20');
  });

  it('says what a linear axis cuts off', () => {
    const data = columns(1000, { sharpness: (step) => (step === 345 ? 1300 : 19), limit: () => 20 });
    const lines = [line('sharpness', 'λ₁')];
    const svg = figure({ ...EDGE, data, lines, markers: [] });
    expect(texts(svg)).toContain('1300 at step 345, off the scale');
  });

  it('draws zeros and negative values nowhere on a log axis, and says how many', () => {
    const data = columns(100, { sharpness: (step) => (step < 3 ? -step : step), limit: () => 20 });
    const svg = figure({ ...EDGE, data, scale: 'log', lines: [line('sharpness', 'λ₁')], markers: [] });
    expect(texts(svg)).toContain('3 values ≤ 0 not on the log axis');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('stands without samples, and with nothing but gaps', () => {
    const none = { ...EDGE, data: columns(0, { sharpness: () => 0 }), markers: [] };
    expect(texts(figure(none))).toContain('2/η = 20');
    const gaps = { ...EDGE, data: columns(50, { sharpness: () => NaN, limit: () => 20 }) };
    expect(figure(gaps)).not.toContain('NaN');
    const bare = { ...none, level: null, scale: 'log' as const };
    expect(figure(bare)).not.toMatch(/NaN|Infinity/);
  });

  it('shows a lone sample between gaps as a dot', () => {
    const data = columns(50, { sharpness: (step) => (step === 20 ? 5 : NaN) });
    const svg = figure({ ...EDGE, data, level: null, lines: [line('sharpness', 'λ₁')], markers: [] });
    expect(svg).toMatch(/A1\.5 1\.5/);
  });
});
