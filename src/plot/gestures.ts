/**
 * Pointer, wheel and keys on a chart. Mouse: move for the crosshair, drag to zoom, shift-drag to pan, double-click for
 * everything. Touch: drag for the crosshair, two fingers to zoom. Wheel: sideways or with Shift pans; zooms with Ctrl
 * or when the chart has the focus, so that scrolling the page past a chart still scrolls the page. Keys: arrows move
 * the crosshair sample by sample, + and − zoom, 0 or Escape go back.
 */

export interface GestureTarget {
  /** Puts the crosshair under x, in CSS pixels from the host's left edge; null takes it away. */
  point(x: number | null): void;
  /** Moves the crosshair by samples, from the last sample where there is none; ±Infinity goes to the ends. */
  walk(samples: number): void;
  /** Zooms by `factor` about x, or about the crosshair where x is null. */
  zoom(factor: number, x: number | null): void;
  pan(pixels: number): void;
  /** Shows the stretch being dragged out; null when it is let go. */
  brush(from: number | null, to: number | null): void;
  /** Zooms to the stretch between two positions. */
  zoomTo(from: number, to: number): void;
  /** Takes away zoom and crosshair; false when there was neither. */
  reset(): boolean;
}

const DRAG = 5;
const KEY_ZOOM = 1.5;

interface Drag {
  readonly kind: 'brush' | 'pan';
  readonly from: number;
  last: number;
  moved: boolean;
}

/** Attaches everything; returns what detaches it. */
export function listen(host: HTMLElement, target: GestureTarget): () => void {
  const touches = new Map<number, number>();
  let drag: Drag | null = null;
  let spread = 0;
  const abort = new AbortController();
  const { signal } = abort;
  const at = (event: MouseEvent): number => event.clientX - host.getBoundingClientRect().left;

  const down = (event: PointerEvent): void => {
    if (event.pointerType === 'touch') {
      touches.set(event.pointerId, at(event));
      if (touches.size === 1) target.point(at(event));
      if (touches.size === 2) spread = gap(touches);
      return;
    }
    if (event.button !== 0) return;
    host.dataset['clicked'] = '';
    host.setPointerCapture(event.pointerId);
    drag = { kind: event.shiftKey ? 'pan' : 'brush', from: at(event), last: at(event), moved: false };
  };

  const move = (event: PointerEvent): void => {
    const x = at(event);
    if (event.pointerType === 'touch') {
      if (!touches.has(event.pointerId)) return;
      touches.set(event.pointerId, x);
      if (touches.size === 2) {
        const now = gap(touches);
        if (spread > 0 && now > 0) target.zoom(now / spread, middle(touches));
        spread = now;
      } else {
        target.point(x);
      }
      return;
    }
    if (drag) {
      drag.moved ||= Math.abs(x - drag.from) > DRAG;
      if (drag.moved && drag.kind === 'brush') target.brush(drag.from, x);
      if (drag.moved && drag.kind === 'pan') target.pan(drag.last - x);
      drag.last = x;
    }
    target.point(x);
  };

  const up = (event: PointerEvent): void => {
    touches.delete(event.pointerId);
    if (!drag) return;
    const { kind, from, last, moved } = drag;
    drag = null;
    target.brush(null, null);
    if (kind === 'brush' && moved && event.type === 'pointerup')
      target.zoomTo(Math.min(from, last), Math.max(from, last));
  };

  const wheel = (event: WheelEvent): void => {
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) target.pan(event.deltaX || event.deltaY);
    else if (event.ctrlKey || event.metaKey || document.activeElement === host) {
      target.zoom(2 ** (-event.deltaY / (event.ctrlKey ? 100 : 400)), at(event));
    } else return;
    event.preventDefault();
  };

  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pace = event.shiftKey ? 10 : 1;
    const actions: Record<string, () => boolean | void> = {
      ArrowLeft: () => target.walk(-pace),
      ArrowRight: () => target.walk(pace),
      Home: () => target.walk(-Infinity),
      End: () => target.walk(Infinity),
      '+': () => target.zoom(KEY_ZOOM, null),
      '=': () => target.zoom(KEY_ZOOM, null),
      '-': () => target.zoom(1 / KEY_ZOOM, null),
      '0': () => target.reset(),
      Escape: () => target.reset(),
    };
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (!action) return;
    // Escape with nothing to take away belongs to whoever is behind the chart.
    if (action() === false && event.key === 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
  };

  host.addEventListener('pointerdown', down, { signal });
  host.addEventListener('pointermove', move, { signal });
  host.addEventListener('pointerup', up, { signal });
  host.addEventListener('pointercancel', up, { signal });
  host.addEventListener('pointerleave', (event) => event.pointerType !== 'touch' && target.point(null), { signal });
  host.addEventListener('dblclick', () => target.reset(), { signal });
  host.addEventListener('wheel', wheel, { signal, passive: false });
  host.addEventListener('blur', () => delete host.dataset['clicked'], { signal });
  host.addEventListener('keydown', key, { signal });
  return () => abort.abort();
}

function gap(touches: ReadonlyMap<number, number>): number {
  const [a, b] = [...touches.values()];
  return Math.abs(a - b);
}

function middle(touches: ReadonlyMap<number, number>): number {
  const [a, b] = [...touches.values()];
  return (a + b) / 2;
}
