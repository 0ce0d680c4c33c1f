/**
 * η, the one control that everything turns on: a slider, a box, and 2/η beside it in the colour of the threshold line.
 * The slider is shaded where ηλ₁ > 4 at the present λ₁ (Lewkowycz et al. 2020: beyond the catapult regime).
 */
import { useId, type JSX } from 'react';
import { useStore } from 'zustand';
import { OPTIMIZERS, type Entry } from '../../experiment/catalogue';
import { FIELDS, type NumberSpec } from '../../experiment/schema';
import { CATAPULT_LIMIT, threshold } from '../../experiment/thresholds';
import { formatShort } from '../../plot/format';
import { experimentStore } from '../../state/experiment';
import { runStore, type RunState } from '../../state/run';
import { session } from '../../state/session';
import { IconButton } from '../../ui/Button';
import { Info } from '../../ui/Info';
import { NumberBox } from '../../ui/NumberBox';
import { Slider } from '../../ui/Slider';
import { decades, roundTo, type Scale } from '../../ui/slider';
import { useThrottled } from '../../ui/useThrottled';
import { ETA_FACTOR } from './nudge';
import { presentSharpness } from './sharpness';

/** The learning rates at hand; a value set beyond them stretches the slider. */
const SPAN = [1e-3, 10] as const;

const ETA: Entry = {
  name: 'Learning rate η',
  line: 'The length of a step. Gradient descent is stable on a quadratic while its curvature stays below 2/η; it may be changed while the run is under way, and the change is kept in the link.',
  formula: String.raw`|1 - \eta\lambda| < 1 \iff \lambda < 2/\eta`,
  source: 'Cohen et al. 2021',
};

const sharpnessOf = (state: RunState): number => presentSharpness(state.table);

/** Learning rate in force, the one under the thumb, and what commits another. */
function useLearningRate(): { readonly lr: number; readonly shown: number } {
  const set = useStore(experimentStore, (state) => state.experiment.lr);
  const running = useStore(runStore, (state) => state.lr);
  const preview = useStore(runStore, (state) => state.previewLr);
  const lr = Number.isFinite(running) ? running : set;
  return { lr, shown: preview ?? lr };
}

function decadesOf({ min, max }: Scale): readonly { value: number; label: string }[] {
  const count = Math.round(Math.log10(max / min));
  const every = Math.ceil(count / 5);
  return Array.from({ length: Math.floor(count / every) + 1 }, (_, i) => {
    const value = roundTo(min * 10 ** (i * every), 1);
    return { value, label: formatShort(value) };
  });
}

/** 2/η under the thumb. */
export function Threshold(): JSX.Element {
  const optimizer = useStore(experimentStore, (state) => state.experiment.opt);
  const { shown } = useLearningRate();
  return (
    <output className="threshold" aria-label="threshold">
      {OPTIMIZERS[optimizer].threshold.label} = {formatShort(threshold(optimizer, { lr: shown }))}
    </output>
  );
}

function EtaSlider({
  describedBy,
  ticks = false,
}: {
  readonly describedBy?: string;
  readonly ticks?: boolean;
}): JSX.Element {
  const { lr } = useLearningRate();
  const optimizer = useStore(experimentStore, (state) => state.experiment.opt);
  const sharpness = useThrottled(runStore, sharpnessOf, 500);
  const scale = decades(SPAN[0], SPAN[1], lr);
  const limit = CATAPULT_LIMIT / sharpness;
  return (
    <Slider
      name="Learning rate η"
      scale={scale}
      value={lr}
      valueText={(value) => `η = ${formatShort(value)}, 2/η = ${formatShort(threshold(optimizer, { lr: value }))}`}
      shade={limit > 0 && limit < scale.max ? { from: limit, to: scale.max } : null}
      onPreview={session.previewLr}
      onCommit={session.changeLr}
      {...(ticks ? { ticks: decadesOf(scale) } : {})}
      {...(describedBy === undefined ? {} : { describedBy })}
    />
  );
}

/** The slider between two steppers, for the phone's thumb. */
export function LearningRateStrip(): JSX.Element {
  const { shown } = useLearningRate();
  return (
    <div className="eta-strip">
      <span className="eta-value">η = {formatShort(shown)}</span>
      <Threshold />
      <IconButton icon="minus" name={`η ÷ ${ETA_FACTOR}`} onClick={() => session.nudgeLr(1 / ETA_FACTOR)} />
      <EtaSlider />
      <IconButton icon="plus" name={`η × ${ETA_FACTOR}`} onClick={() => session.nudgeLr(ETA_FACTOR)} />
    </div>
  );
}

export function LearningRate(): JSX.Element {
  const { shown } = useLearningRate();
  const mini = useStore(experimentStore, ({ experiment }) => experiment.opt === 'sgd');
  const boxId = useId();
  const noteId = useId();
  return (
    <section className="eta" aria-label="Learning rate">
      <div className="eta-head">
        <span className="field-label">
          <label htmlFor={boxId}>Learning rate η</label>
          <Info entry={ETA} />
        </span>
        <NumberBox
          id={boxId}
          spec={FIELDS.lr as NumberSpec}
          value={shown}
          onCommit={(value) => {
            if (value !== null) session.changeLr(value);
          }}
        />
      </div>
      <EtaSlider describedBy={noteId} ticks />
      <div className="eta-foot">
        <div>
          <Threshold />
          {mini && <p className="eta-note of-batch">of the full batch</p>}
        </div>
        <p id={noteId} className="eta-note">
          <span className="shade-key" aria-hidden="true" /> ηλ₁ &gt; {CATAPULT_LIMIT} at the present λ₁: there a run
          usually diverges
        </p>
      </div>
    </section>
  );
}
