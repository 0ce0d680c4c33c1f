/** How many examples a step of mini-batch SGD goes over: a slider of doublings up to all of them, and a box. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { batchFor, defaultBatch, isFullBatch } from '../../experiment/batch';
import type { Entry } from '../../experiment/catalogue';
import type { Experiment } from '../../experiment/experiment';
import { batchSpec } from '../../experiment/schema';
import { formatShort, formatStep } from '../../plot/format';
import { examplesOf, runStore } from '../../state/run';
import { session } from '../../state/session';
import { Slider } from '../../ui/Slider';
import { doublings, fraction, type Scale } from '../../ui/slider';
import { NumberField, useExperiment } from './Group';

const BATCH: Entry = {
  name: 'Batch size b',
  line: 'Examples whose gradient a step follows. The smaller b is, the noisier the steps, and the further below 2/η the sharpness usually settles. The loss and the spectrum are measured on all examples.',
  formula: String.raw`\nabla L_B = \tfrac1b \textstyle\sum_{i \in B_t} \nabla \ell_i`,
  source: 'Andreyev & Beneventano 2024',
};

/** Examples to choose from. */
export function useExamples(): number {
  const experiment = useExperiment();
  return useStore(runStore, (run) => examplesOf(run, experiment));
}

function noteFor(experiment: Experiment, examples: number): string {
  if (isFullBatch(experiment, examples)) return 'all examples: gradient descent';
  const all = `of ${formatStep(examples)} examples`;
  if (experiment.sampling === 'replacement') return all;
  return `${all}, ${epochText(examples / batchFor(experiment, examples))} an epoch`;
}

function epochText(steps: number): string {
  const number = Number.isInteger(steps) ? formatStep(steps) : `≈\u00a0${formatShort(steps, 3)}`;
  return `${number} ${steps === 1 ? 'step' : 'steps'}`;
}

/** Every third doubling and the end, as far as they lie apart. */
function ticksOf(scale: Scale): readonly { value: number; label: string }[] {
  const powers = Array.from({ length: Math.ceil(scale.positions / 3) }, (_, i) => 8 ** i);
  const inside = powers.filter((value) => fraction(scale, value) < 0.85);
  return [...inside, scale.max].map((value) => ({ value, label: formatStep(value) }));
}

export function BatchSize(): JSX.Element {
  const experiment = useExperiment();
  const examples = useExamples();
  const scale = doublings(Math.max(2, examples));
  return (
    <div className="batch">
      <NumberField
        field="batch"
        label="Batch size b"
        spec={batchSpec(examples)}
        info={BATCH}
        placeholder={String(defaultBatch(examples))}
      />
      <Slider
        name="Batch size"
        scale={scale}
        value={batchFor(experiment, examples)}
        valueText={(value) => (value >= examples ? `all ${examples} examples` : `${value} of ${examples} examples`)}
        onCommit={(batch) => session.set({ batch })}
        ticks={ticksOf(scale)}
      />
      <p className="field-note">{noteFor(experiment, examples)}</p>
    </div>
  );
}
