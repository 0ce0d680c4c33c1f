/** The control rail: η first, then everything that makes the experiment. On a phone the same rail lies in a sheet. */
import type { JSX } from 'react';
import { DataGroup } from './DataGroup';
import { EngineGroup } from './EngineGroup';
import { LearningRate } from './LearningRate';
import { MeasureGroup } from './MeasureGroup';
import { NetworkGroup } from './NetworkGroup';
import { Remarks } from './Remarks';
import { TrainingGroup } from './TrainingGroup';
import './rail.css';

export function Rail(): JSX.Element {
  return (
    <div className="rail-content">
      <Remarks />
      <LearningRate />
      <DataGroup />
      <NetworkGroup />
      <TrainingGroup />
      <MeasureGroup />
      <EngineGroup />
    </div>
  );
}
