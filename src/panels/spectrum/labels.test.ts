import { describe, expect, it } from 'vitest';
import { labelSpectrum } from './labels';

const ROOM = { level: 100, size: 15, top: 0, bottom: 300 };
const texts = Array.from({ length: 12 }, (_, i) => `λ${i + 1}`);

describe('labelSpectrum', () => {
  it('keeps the order of the dots and the side of the level', () => {
    const labels = labelSpectrum([97, 99, 102, 104], texts, ROOM);
    expect(labels.map(({ text }) => text)).toEqual(['λ1', 'λ2', 'λ3', 'λ4']);
    const at = labels.map((label) => label.at);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at[1]).toBeLessThan(100 - ROOM.size / 2);
    expect(at[2]).toBeGreaterThan(100 + ROOM.size / 2);
  });

  it('leaves labels at their dots where there is room', () => {
    expect(labelSpectrum([50, 150, 200], texts, { ...ROOM, level: NaN }).map(({ at }) => at)).toEqual([50, 150, 200]);
  });

  it('counts what would stack far from its dots', () => {
    const anchors = [40, 60, ...Array.from({ length: 10 }, (_, i) => 290 + i)];
    const labels = labelSpectrum(anchors, texts, ROOM);
    const last = labels[labels.length - 1];
    expect(last.text).toBe(`… and ${12 - (labels.length - 1)} more`);
    expect(labels.length).toBeGreaterThan(3);
    expect(labels.length).toBeLessThan(10);
    for (const { at, anchor } of labels) expect(Math.abs(at - anchor)).toBeLessThanOrEqual(2.5 * ROOM.size);
  });

  it('is empty without dots', () => {
    expect(labelSpectrum([], [], ROOM)).toEqual([]);
  });
});
