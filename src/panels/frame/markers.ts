/** The run's markers as marks on a chart over steps. */
import { MARKERS } from '../../experiment/catalogue';
import type { ChartMarker, MarkerShape } from '../../plot/model';
import type { ColourToken } from '../../plot/theme';
import { formatShort, formatStep } from '../../plot/format';
import type { Marker } from '../../worker/protocol';

const SHAPES: Readonly<Record<Marker['kind'], { readonly shape: MarkerShape; readonly colour: ColourToken }>> = {
  'edge-reached': { shape: 'diamond', colour: 'ink' },
  'beyond-edge': { shape: 'open-diamond', colour: 'ink' },
  change: { shape: 'rule', colour: 'ink-3' },
  divergence: { shape: 'cross', colour: 'bad' },
};

/** Changes of η may stand closer than their labels. */
const plural = (kind: Marker['kind']): string => (kind === 'change' ? 'changes of η' : '');

function labelOf({ kind, step, value }: Marker): string {
  switch (kind) {
    case 'edge-reached':
      return `edge reached, step ${formatStep(step)}`;
    case 'beyond-edge':
      return MARKERS[kind].name;
    case 'change':
      return value === null ? MARKERS[kind].name : `η = ${formatShort(value)}`;
    case 'divergence':
      return `diverged, step ${formatStep(step)}`;
  }
}

/** On the chart of the eigenvalues: everything, labelled. */
export function sharpnessMarkers(markers: readonly Marker[]): ChartMarker[] {
  return markers.map((marker) => {
    const { kind, step, value } = marker;
    const isEigenvalue = kind === 'edge-reached' || kind === 'beyond-edge';
    return { ...SHAPES[kind], step, value: isEigenvalue ? value : null, label: labelOf(marker), plural: plural(kind) };
  });
}

/** On other charts: what changes the run, unlabelled, so that the eye can follow it down. */
export function plainMarkers(markers: readonly Marker[]): ChartMarker[] {
  return markers
    .filter(({ kind }) => kind === 'change' || kind === 'divergence')
    .map(({ kind, step }) => ({ ...SHAPES[kind], step, value: null, label: '', plural: '' }));
}
