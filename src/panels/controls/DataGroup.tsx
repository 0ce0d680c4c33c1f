/** What the network learns: the data set and the settings that this one has. */
import { type JSX } from 'react';
import { DATASETS } from '../../experiment/catalogue';
import { formatStep } from '../../plot/format';
import { session } from '../../state/session';
import { Button } from '../../ui/Button';
import { chooseCsv } from '../csv/open';
import { ChoiceField, Group, NumberField, optionsOf, useExperiment } from './Group';

export function DataGroup(): JSX.Element {
  const { data, n, file } = useExperiment();
  const entry = DATASETS[data];
  return (
    <Group title="Data" summary={`${entry.name}, n = ${formatStep(n)}`} open>
      <ChoiceField
        label="Data set"
        value={data}
        options={optionsOf(DATASETS)}
        info={entry}
        onChange={(next) => session.set({ data: next })}
      />
      {data === 'csv' && file !== '' && <p className="field-note file-name">{file}</p>}
      <NumberField field="n" label={data === 'csv' ? 'Most rows' : 'Examples'} />
      {(data === 'spirals' || data === 'chebyshev') && <NumberField field="noise" label="Noise" />}
      {data === 'chebyshev' && <NumberField field="degree" label="Degree" />}
      {data === 'blobs' && (
        <>
          <NumberField field="classes" label="Classes" />
          <NumberField field="dim" label="Dimensions" />
          <NumberField field="sep" label="Separation" />
        </>
      )}
      <Button className="wide" onClick={chooseCsv}>
        Open a CSV…
      </Button>
    </Group>
  );
}
