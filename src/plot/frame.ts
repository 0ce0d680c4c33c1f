/**
 * Margins shared by charts that stand under one another, so that the same step is at the same pixel in each: every
 * chart says what it needs and all use the widest.
 */
export interface Margins {
  readonly left: number;
  readonly right: number;
}

/** Margins grow at once and shrink only when much too wide, so that a changing label does not move the plot. */
const SLACK = 28;
const GRID = 4;

function settle(present: number, needed: number): number {
  if (needed > present) return Math.ceil(needed / GRID) * GRID;
  return present - needed > SLACK ? Math.ceil(needed / GRID) * GRID : present;
}

export class Alignment {
  left = 0;
  right = 0;
  readonly #needs = new Map<object, Margins>();
  readonly #listeners = new Set<() => void>();

  /** What `chart` needs, in CSS pixels. Whoever listens is told when the common margins change. */
  need(chart: object, margins: Margins): void {
    this.#needs.set(chart, margins);
    this.#settle();
  }

  leave(chart: object): void {
    this.#needs.delete(chart);
    this.#settle();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #settle(): void {
    let left = 0;
    let right = 0;
    for (const needs of this.#needs.values()) {
      left = Math.max(left, needs.left);
      right = Math.max(right, needs.right);
    }
    left = settle(this.left, left);
    right = settle(this.right, right);
    if (left === this.left && right === this.right) return;
    this.left = left;
    this.right = right;
    for (const listener of this.#listeners) listener();
  }
}
