/** Which engine computes, on which device, and why this one. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { ENGINE_NAMES, engineReason } from '../../experiment/engines';
import type { EngineChoice, Precision } from '../../experiment/experiment';
import { runStore } from '../../state/run';
import { session } from '../../state/session';
import type { Option } from '../../ui/Select';
import { ChoiceField, Group, useExperiment } from './Group';

const ENGINES: readonly Option<EngineChoice>[] = [
  { value: 'auto', label: 'automatic' },
  { value: 'wasm', label: ENGINE_NAMES.wasm },
  { value: 'webgpu', label: ENGINE_NAMES.webgpu },
  { value: 'tensorflow', label: ENGINE_NAMES.tensorflow },
];
const PRECISIONS: readonly Option<Precision>[] = [
  { value: 'f32', label: '32 bits' },
  { value: 'f64', label: '64 bits' },
];

export function EngineGroup(): JSX.Element {
  const { engine, precision } = useExperiment();
  const info = useStore(runStore, (state) => (state.starting === null ? state.info : null));
  return (
    <Group title="Engine" summary={info ? `${ENGINE_NAMES[info.engine]}, ${info.precision}` : ''}>
      <ChoiceField label="Engine" value={engine} options={ENGINES} onChange={(next) => session.set({ engine: next })} />
      <ChoiceField
        label="Precision"
        value={precision}
        options={engine === 'webgpu' || engine === 'tensorflow' ? PRECISIONS.slice(0, 1) : PRECISIONS}
        onChange={(next) => session.set({ precision: next })}
      />
      {info && (
        <p className="field-note">
          {engineReason(info.engine, engine, info.why)} Device: {info.device}.
          {info.deterministic ? ' The same link gives the same bits everywhere.' : ''}
        </p>
      )}
    </Group>
  );
}
