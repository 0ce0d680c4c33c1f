/** The hero: the top eigenvalues of the Hessian over the steps of the run, against 2/η (Cohen et al. 2021). */
import { useEffect, type ReactElement } from 'react';
import { useStore } from 'zustand';
import { seriesEntry } from '../../experiment/catalogue';
import type { ValueAxis } from '../../plot/axis';
import { ChartView } from '../../plot/ChartView';
import { experimentStore } from '../../state/experiment';
import { runStore } from '../../state/run';
import { cursorStore } from '../../state/view';
import { Button } from '../../ui/Button';
import { ChartFrame } from '../frame/ChartFrame';
import { sharedAxis } from '../frame/shared';
import { useTimeChart } from '../frame/useTimeChart';
import { stabilityModel, stabilitySummary } from './model';

const FIGURE = { title: 'Sharpness', axis: 'eigenvalue λ of the Hessian of the training loss' };
const LAMBDA = seriesEntry('hessian.lambda1');
const ENTRY = {
  ...LAMBDA,
  line: `${LAMBDA.line} Where not every step is measured λ₁ is drawn as points: a line through them would turn its period-two swing into a slow zigzag that is not there.`,
};
const FIRST_CURVE = 'edgescope:first-curve';

/** Two samples make a curve: from then on the page has shown what it is for. */
function painted(axis: ValueAxis, host: HTMLElement, samples: number): void {
  sharedAxis.setState({ axis, host });
  if (samples >= 2 && performance.getEntriesByName(FIRST_CURVE).length === 0) performance.mark(FIRST_CURVE);
}

function summary(): string {
  return stabilitySummary(runStore.getState(), experimentStore.getState());
}

/** A new run starts with the whole of it in view. */
function useFreshView(): void {
  useEffect(() => {
    let { run } = runStore.getState();
    return runStore.subscribe((state) => {
      if (state.run === run) return;
      run = state.run;
      cursorStore.setState({ cursor: null, domain: null });
    });
  }, []);
}

export function StabilityPanel(): ReactElement {
  const { mount, source } = useTimeChart(FIGURE, stabilityModel, painted);
  const zoomed = useStore(cursorStore, ({ domain }) => domain !== null);
  useFreshView();
  const whole = zoomed && (
    <Button variant="quiet" onClick={() => cursorStore.setState({ domain: null })}>
      Show the whole run
    </Button>
  );
  return (
    <ChartFrame name="stability" title={FIGURE.title} entry={ENTRY} source={source} extra={whole}>
      <ChartView mount={mount} summary={summary} />
    </ChartFrame>
  );
}
