/** The network: widths, activation, biases and how its weights begin. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { ACTIVATIONS, INITS } from '../../experiment/catalogue';
import type { Experiment } from '../../experiment/experiment';
import { runStore } from '../../state/run';
import { session } from '../../state/session';
import { formatCounted } from '../../ui/format';
import { ChoiceField, Group, NumberField, optionsOf, useExperiment } from './Group';
import { widthsText } from './widths';
import { WidthsBox } from './WidthsBox';

const digits = (bias: Experiment['bias']): string => bias.map((flag) => (flag ? '1' : '0')).join('');

/** The usual choices for so many layers of weights, and the present one where it is another. */
function biasOptions(bias: Experiment['bias'], layers: number): readonly { value: string; label: string }[] {
  const options = [
    { value: '1', label: 'in every layer' },
    { value: '0', label: 'none' },
  ];
  if (layers > 1) options.push({ value: '1'.repeat(layers - 1) + '0', label: 'in all but the last layer' });
  const present = digits(bias);
  if (!options.some(({ value }) => value === present)) options.push({ value: present, label: present });
  return options;
}

export function NetworkGroup(): JSX.Element {
  const { net, act, bias, init } = useExperiment();
  const info = useStore(runStore, (state) => state.info);
  const note = info ? `${info.sizes.join('-')}, ${formatCounted(info.parameters, 'parameter', 'parameters')}` : ' ';
  return (
    <Group title="Network" summary={`${widthsText(net)} ${ACTIVATIONS[act].name}`} open>
      <WidthsBox note={note} />
      <ChoiceField
        label="Activation"
        value={act}
        options={optionsOf(ACTIVATIONS)}
        info={ACTIVATIONS[act]}
        onChange={(next) => session.set({ act: next })}
      />
      <ChoiceField
        label="Initial law"
        value={init}
        options={optionsOf(INITS)}
        info={INITS[init]}
        onChange={(next) => session.set({ init: next })}
      />
      <NumberField field="scale" label="Initial scale" />
      <ChoiceField
        label="Biases"
        value={digits(bias)}
        options={biasOptions(bias, net.length + 1)}
        onChange={(next) => session.set({ bias: [...next].map((digit) => digit === '1') })}
      />
    </Group>
  );
}
