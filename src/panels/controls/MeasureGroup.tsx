/** What is measured, and how often. Measuring never changes what is trained. */
import type { JSX } from 'react';
import { lambdaSeries, seriesEntry, type Entry } from '../../experiment/catalogue';
import { formatStep } from '../../plot/format';
import { runStore, type RunState } from '../../state/run';
import { useThrottled } from '../../ui/useThrottled';
import { Group, NumberField, useExperiment } from './Group';

const CADENCE: Entry = {
  name: 'Cadence',
  line: 'Steps between two measurements of the spectrum. Left empty, the page keeps measuring to about half of its time.',
  formula: String.raw`t = 0,\ n,\ 2n,\ \dots`,
  source: 'Edgescope',
};

const cadenceOf = (state: RunState): number => state.cadence;
const every = (steps: number): string => (steps === 1 ? 'every step' : `every ${formatStep(steps)} steps`);

export function MeasureGroup(): JSX.Element {
  const experiment = useExperiment();
  const cadence = useThrottled(runStore, cadenceOf, 500);
  const present = `${experiment.every === null ? 'auto, now' : 'now'} ${every(cadence)}`;
  const last = seriesEntry(lambdaSeries(experiment.k)).symbol;
  const which = experiment.k === 1 ? last : `${seriesEntry(lambdaSeries(1)).symbol} … ${last}`;
  return (
    <Group title="Measuring" summary={`${which}, ${every(cadence)}`}>
      <NumberField field="k" label="Eigenvalues" info={seriesEntry(lambdaSeries(1))} />
      <NumberField field="every" label="Every n steps" placeholder="auto" info={CADENCE} note={present} />
    </Group>
  );
}
