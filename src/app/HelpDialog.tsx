/** The help window: what one sees, what fingers and the pointer do, the keys, and the switch that turns them off. */
import { useId, type JSX } from 'react';
import { useStore } from 'zustand';
import { experimentStore } from '../state/experiment';
import { Dialog } from '../ui/Dialog';
import { Field } from '../ui/Field';
import { Toggle } from '../ui/Toggle';
import { useMedia } from '../ui/useMedia';
import { benchmarkLink } from './route';
import { setShortcuts, shellStore } from './shell';
import { SHORTCUTS } from './shortcuts';

const GESTURES = [
  { what: 'Drag on a chart', does: 'zoom to that stretch; with a finger, read the values under it' },
  { what: 'Pinch', does: 'zoom; so does the wheel with Ctrl' },
  { what: 'Shift-drag', does: 'move along the steps' },
  { what: 'Double-click', does: 'back to the whole run; double-tap does the same' },
  { what: 'Drop a CSV file', does: 'anywhere on the page, to train on it' },
] as const;

function Keys(): JSX.Element {
  const on = useStore(shellStore, (state) => state.shortcuts);
  const id = useId();
  return (
    <>
      <dl className="keys">
        {SHORTCUTS.map(({ label, does }) => (
          <div key={label}>
            <dt>
              <kbd>{label}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Field label="Single-key shortcuts" htmlFor={id}>
        <Toggle id={id} checked={on} onChange={setShortcuts} />
      </Field>
    </>
  );
}

export function HelpDialog(): JSX.Element {
  const open = useStore(shellStore, (state) => state.help);
  const theme = useStore(experimentStore, (state) => state.view.theme);
  const touch = useMedia('(pointer: coarse)');
  return (
    <Dialog open={open} onClose={() => shellStore.setState({ help: false })} title="Edgescope">
      <p>
        A small network trains in this page. Under full-batch gradient descent its sharpness λ₁, the largest eigenvalue
        of the Hessian of the training loss, climbs until it meets <span className="threshold">2/η</span> and then
        hovers there, though on a quadratic every step beyond it would diverge: the edge of stability. Under
        mini-batches it usually stays lower, the more so the smaller they are.
      </p>
      <p>
        Change η while it runs and watch the line move, the curve follow, or the run blow up; every change can be taken
        back.
      </p>
      <dl className="gestures">
        {GESTURES.map(({ what, does }) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      {touch ? (
        <details>
          <summary>With a keyboard</summary>
          <Keys />
        </details>
      ) : (
        <Keys />
      )}
      <p className="field-note">
        How fast is this device? The <a href={benchmarkLink(theme)}>benchmark</a> tells; this run starts anew
        afterwards.
      </p>
      <p className="field-note">
        Cohen et al., <cite>Gradient descent on neural networks typically occurs at the edge of stability</cite>, 2021.
      </p>
    </Dialog>
  );
}
