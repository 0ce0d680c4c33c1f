/** What is minimised, by which rule on which examples, and the draw of data and weights. */
import type { JSX } from 'react';
import { batchFor, isFullBatch } from '../../experiment/batch';
import { LOSSES, OPTIMIZERS, SAMPLINGS } from '../../experiment/catalogue';
import { session } from '../../state/session';
import { Button } from '../../ui/Button';
import { BatchSize, useExamples } from './BatchSize';
import { ChoiceField, Group, NumberField, optionsOf, useExperiment } from './Group';

export function TrainingGroup(): JSX.Element {
  const experiment = useExperiment();
  const { loss, opt, sampling, seed } = experiment;
  const examples = useExamples();
  const batches = isFullBatch(experiment, examples) ? '' : `, b = ${batchFor(experiment, examples)}`;
  return (
    <Group title="Training" summary={`${LOSSES[loss].name}${batches}, seed ${seed}`} open>
      <ChoiceField
        label="Loss"
        value={loss}
        options={optionsOf(LOSSES)}
        info={LOSSES[loss]}
        onChange={(next) => session.set({ loss: next })}
      />
      <ChoiceField
        label="Optimiser"
        value={opt}
        options={optionsOf(OPTIMIZERS)}
        info={OPTIMIZERS[opt]}
        onChange={(next) => session.set({ opt: next })}
      />
      {opt === 'sgd' && (
        <>
          <BatchSize />
          <ChoiceField
            label="Batches by"
            value={sampling}
            options={optionsOf(SAMPLINGS)}
            info={SAMPLINGS[sampling]}
            onChange={(next) => session.set({ sampling: next })}
          />
        </>
      )}
      <NumberField
        field="seed"
        label="Seed"
        after={
          <Button
            variant="quiet"
            className="beside"
            aria-keyshortcuts="N"
            title="New seed (N)"
            onClick={session.newSeed}
          >
            new
          </Button>
        }
      />
      <NumberField field="stop" label="Rest at step" />
    </Group>
  );
}
