/** What is minimised, and the draw of data and weights. */
import type { JSX } from 'react';
import { LOSSES } from '../../experiment/catalogue';
import { session } from '../../state/session';
import { Button } from '../../ui/Button';
import { ChoiceField, Group, NumberField, optionsOf, useExperiment } from './Group';

export function TrainingGroup(): JSX.Element {
  const { loss, seed } = useExperiment();
  return (
    <Group title="Training" summary={`${LOSSES[loss].name}, seed ${seed}`} open>
      <ChoiceField
        label="Loss"
        value={loss}
        options={optionsOf(LOSSES)}
        info={LOSSES[loss]}
        onChange={(next) => session.set({ loss: next })}
      />
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
