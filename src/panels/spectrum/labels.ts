/**
 * Where the numbers beside the present spectrum stand: in the order of their dots, each on its dot's side of the level.
 * Numbers that would end up far from their dots give way to a count.
 */
import { nudge, type Nudged } from '../../plot/labels';

export interface SpectrumLabel extends Nudged {
  /** Where its dot is. */
  readonly anchor: number;
  readonly text: string;
  /** Row of the spectrum, from 0; −1 for the count of the rest. */
  readonly index: number;
}

interface Room {
  /** Pixel of the level; NaN for none. */
  readonly level: number;
  /** Height of a label. */
  readonly size: number;
  readonly top: number;
  readonly bottom: number;
}

/** Heights by which a label may stray from its dot. */
const STRAY = 2.5;
/** Pixels between the level and a label. */
const CLEAR = 2;

/** Labels for dots at `anchors`, from the top down, with these texts; the last of them merged where all do not fit. */
export function labelSpectrum(anchors: readonly number[], texts: readonly string[], room: Room): SpectrumLabel[] {
  const total = anchors.length;
  const { size } = room;
  for (let shown = total; shown > 0; shown--) {
    const labels: SpectrumLabel[] = anchors
      .slice(0, shown)
      .map((anchor, index) => ({ anchor, at: anchor, size, weight: 1, text: texts[index], index }));
    if (shown < total) {
      const rest = total - shown;
      const anchor = anchors.slice(shown).reduce((sum, at) => sum + at / rest, 0);
      labels.push({ anchor, at: anchor, size, weight: 1, text: `… and ${rest} more`, index: -1 });
    }
    place(labels, room);
    if (shown === 1 || labels.every(({ at, anchor }) => Math.abs(at - anchor) <= STRAY * size)) return labels;
  }
  return [];
}

function place(labels: SpectrumLabel[], { level, top, bottom }: Room): void {
  const above = labels.filter(({ anchor }) => anchor < level);
  const below = labels.filter(({ anchor }) => !(anchor < level));
  const line = Number.isFinite(level) ? [{ at: level, size: 2 * CLEAR, weight: 1e6 }] : [];
  nudge([...above, ...line, ...below], top, bottom);
}
