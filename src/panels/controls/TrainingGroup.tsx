/** What is minimised, by which rule on which examples, and the draw of data and weights. */
import type { JSX } from 'react';
import { LOSSES, OPTIMIZERS, SAMPLINGS } from '../../experiment/catalogue';
import type { OptimizerId } from '../../experiment/experiment';
import { DEFAULT_EXPERIMENT } from '../../experiment/schema';
import { session } from '../../state/session';
import { Button } from '../../ui/Button';
import { BatchSize, useExamples } from './BatchSize';
import { ChoiceField, Group, NumberField, optionsOf, useExperiment } from './Group';

/** The batch that mini-batch SGD begins with: the default, or a quarter of examples so few that it would be all. */
function firstBatch(examples: number): number {
  const { batch } = DEFAULT_EXPERIMENT;
  return batch < examples ? batch : Math.max(1, Math.floor(examples / 4));
}

export function TrainingGroup(): JSX.Element {
  const { loss, opt, batch, sampling, seed } = useExperiment();
  const examples = useExamples();
  const choose = (next: OptimizerId): void =>
    session.set(next === 'sgd' ? { opt: next, batch: firstBatch(examples) } : { opt: next });
  const batches = opt === 'sgd' ? `, b = ${batch}` : '';
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
        onChange={choose}
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
