import { describe, expect, it } from 'vitest';
import { clampDomain, fullDomain, panDomain, zoomDomain } from './viewport';

const FULL = { lo: 0, hi: 1000 };

describe('viewport', () => {
  it('shows a young run on a fixed stretch and then all of it', () => {
    expect(fullDomain(10)).toEqual({ lo: 0, hi: 60 });
    expect(fullDomain(812)).toEqual({ lo: 0, hi: 812 });
  });

  it('zooms about a step that stays where it is', () => {
    expect(zoomDomain(FULL, 2, 250, FULL)).toEqual({ lo: 125, hi: 625 });
  });

  it('is not zoomed when everything shows', () => {
    expect(zoomDomain({ lo: 100, hi: 900 }, 0.5, 500, FULL)).toBeNull();
  });

  it('goes no closer than two steps and no further than the run', () => {
    expect(clampDomain({ lo: 10, hi: 10.5 }, FULL)).toEqual({ lo: 9.25, hi: 11.25 });
    expect(clampDomain({ lo: -50, hi: 50 }, FULL)).toEqual({ lo: 0, hi: 100 });
    expect(panDomain({ lo: 900, hi: 950 }, 200, FULL)).toEqual({ lo: 950, hi: 1000 });
    expect(panDomain({ lo: 20, hi: 70 }, -200, FULL)).toEqual({ lo: 0, hi: 50 });
  });
});
