/** What computes, by name; a click says why, whether the run can be had again bit by bit, and offers another engine. */
import type { JSX } from 'react';
import { useStore } from 'zustand';
import { ENGINE_NAMES, engineReason } from '../../experiment/engines';
import type { EngineId } from '../../experiment/experiment';
import type { FaultCode } from '../../experiment/fault';
import { experimentStore } from '../../state/experiment';
import { runStore, type RunState } from '../../state/run';
import { session } from '../../state/session';
import { Button } from '../../ui/Button';
import { Popover } from '../../ui/Popover';

const OTHER: Readonly<Record<EngineId, EngineId>> = {
  wasm: 'webgpu',
  webgpu: 'wasm',
  tensorflow: 'wasm',
};

/** What is said while there is no run, given what is still to come and why there will be none. */
function unmade(starting: RunState['starting'], failure: FaultCode | null): string {
  if (failure !== null) return failure === 'no-engine' ? 'no engine' : 'no run';
  return starting === null || starting === 'choice' ? 'no engine yet' : `${ENGINE_NAMES[starting]}…`;
}

export function EngineBadge(): JSX.Element {
  const info = useStore(runStore, (state) => state.info);
  const asked = useStore(experimentStore, (state) => state.experiment.engine);
  const starting = useStore(runStore, (state) => state.starting);
  const failure = useStore(runStore, (state) => (state.phase === 'failed' ? (state.fault?.code ?? 'internal') : null));
  // Nothing is claimed of a run that is still being made; after a crash `info` is that of the run before.
  if (!info || starting !== null) return <span className="badge">{unmade(starting, failure)}</span>;
  const { engine, device, precision, deterministic, why, passing } = info;
  const other = OTHER[engine];
  // What was asked for already and refused for good is not offered again.
  const refused = asked === other;
  const offered = other === 'wasm' || ('gpu' in navigator && (!refused || passing));
  return (
    <Popover
      className="badge"
      title="Engine"
      face={
        <>
          <span className="badge-device">{engine === 'wasm' ? ENGINE_NAMES.wasm : device}</span> · {precision}
        </>
      }
    >
      <strong>{device}</strong>
      <p>
        {engineReason(engine, asked, why)} It computes in {precision === 'f32' ? '32' : '64'} bits.
      </p>
      <p>
        {deterministic
          ? 'Same link, same bits: this run can be had again exactly, on any device.'
          : 'Same link, similar run: on another device the last bits differ, and in time the whole run.'}
      </p>
      {offered && (
        <p className="card-buttons">
          <Button onClick={() => session.set({ engine: other })}>
            {refused ? `Try ${ENGINE_NAMES[other]} again` : `Use ${ENGINE_NAMES[other]}`}
          </Button>
        </p>
      )}
    </Popover>
  );
}
