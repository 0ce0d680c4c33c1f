/** A chart over steps in a panel: built once, then fed from the stores without React in between. */
import { useCallback, useRef } from 'react';
import type { ValueAxis } from '../../plot/axis';
import type { ChartSlots } from '../../plot/ChartView';
import type { ChartModel } from '../../plot/model';
import { csvOf, tableOf } from '../../plot/table';
import { TimeChart } from '../../plot/TimeChart';
import { experimentStore, type ExperimentState } from '../../state/experiment';
import { runStore, type RunState } from '../../state/run';
import { cursorStore } from '../../state/view';
import type { TableSource } from './DataTable';
import { feedFromStores } from './feed';
import { figureText, type FigureName } from './figure';
import { stepAlignment } from './shared';

const STEP = 'step';

/** Pure: the same stores give the same model. Must be stable between renders, as `onPaint`. */
export type ModelOf = (run: RunState, experiment: ExperimentState) => ChartModel;

interface TimeChartHandle {
  readonly mount: (slots: ChartSlots) => () => void;
  readonly source: () => TableSource;
}

/** `name` is that of the saved figure; must be stable between renders, too. */
export function useTimeChart(
  name: FigureName,
  modelOf: ModelOf,
  onPaint?: (axis: ValueAxis, host: HTMLElement, samples: number) => void,
): TimeChartHandle {
  const chart = useRef<TimeChart | null>(null);

  const mount = useCallback(
    ({ host, readout, announce, describe }: ChartSlots) => {
      const built = new TimeChart({
        host,
        readout,
        announce,
        alignment: stepAlignment,
        cursor: cursorStore,
        stepName: STEP,
        ...(onPaint && { onPaint: (axis: ValueAxis) => onPaint(axis, host, built.model.data.length) }),
      });
      chart.current = built;
      const leave = feedFromStores((run, experiment) => {
        built.set(modelOf(run, experiment));
        describe();
      });
      return () => {
        leave();
        chart.current = null;
        built.destroy();
      };
    },
    [modelOf, onPaint],
  );

  const source = useCallback((): TableSource => {
    const model = modelOf(runStore.getState(), experimentStore.getState());
    const shown = chart.current;
    return {
      table: tableOf(model, STEP),
      csv: () => csvOf(model),
      svg: shown && (() => shown.svg(figureText(name))),
      png: shown && (() => shown.png(figureText(name))),
    };
  }, [modelOf, name]);

  return { mount, source };
}
