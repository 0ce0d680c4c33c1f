/**
 * The page. Desktop: the rail on the left, the charts, the timeline under them, all in one window. Phone: the charts
 * scroll, play and η stay under the thumb, the rail waits in a sheet. Presenting: the charts alone.
 */
import { useEffect, type JSX } from 'react';
import { useStore } from 'zustand';
import { LearningRateStrip } from '../panels/controls/LearningRate';
import { Rail } from '../panels/controls/Rail';
import { CsvDialog } from '../panels/csv/CsvDialog';
import { DropTarget } from '../panels/csv/DropTarget';
import { FileWanted } from '../panels/csv/FileWanted';
import { FitPanel } from '../panels/fit/FitPanel';
import { LossPanel } from '../panels/loss/LossPanel';
import { SpectrumPanel } from '../panels/spectrum/SpectrumPanel';
import { StabilityPanel } from '../panels/stability/StabilityPanel';
import { Progress } from '../panels/timeline/Progress';
import { Speed, Statistics, StepCount, Timeline, Transport } from '../panels/timeline/Timeline';
import { experimentStore } from '../state/experiment';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/icons';
import { applyTheme } from '../ui/theme';
import { useMedia } from '../ui/useMedia';
import { HelpDialog } from './HelpDialog';
import { Failure, Notices, Poster } from './Overlays';
import { shellStore } from './shell';
import { TopLine } from './TopLine';
import { useShortcuts } from './useShortcuts';

/** The same query as in phone.css. */
const PHONE = '(max-width: 720px), (max-height: 480px)';

function Stage(): JSX.Element {
  return (
    <main id="charts" className="stage" aria-label="Charts" tabIndex={-1}>
      <div className="cell cell-stability">
        <StabilityPanel />
      </div>
      <div className="cell cell-spectrum">
        <SpectrumPanel />
      </div>
      <div className="cell cell-loss">
        <LossPanel />
      </div>
      <div className="cell cell-fit">
        <FitPanel />
      </div>
      <FileWanted />
      <Poster />
      <Failure />
    </main>
  );
}

function PhoneBar(): JSX.Element {
  const open = useStore(shellStore, (state) => state.sheet);
  return (
    <section className="phone-bar" aria-label="Timeline">
      <Progress />
      <div className="timeline-row">
        <Transport />
        <StepCount />
        <Button variant="quiet" className="sheet-button" onClick={() => shellStore.setState({ sheet: true })}>
          <Icon name="controls" />
          <span>Controls</span>
        </Button>
      </div>
      <LearningRateStrip />
      <Dialog open={open} onClose={() => shellStore.setState({ sheet: false })} title="Controls" kind="sheet">
        <div className="sheet-speed">
          <Speed />
          <Statistics />
        </div>
        <Rail />
      </Dialog>
    </section>
  );
}

export function App(): JSX.Element {
  const { theme, present } = useStore(experimentStore, (state) => state.view);
  const phone = useMedia(PHONE);
  useEffect(() => applyTheme(theme), [theme]);
  useShortcuts();
  return (
    <div className={`app ${present ? 'presenting' : ''}`}>
      <a className="skip" href="#charts" onClick={skip}>
        Skip to the charts
      </a>
      <TopLine />
      {!phone && !present && (
        <aside className="rail" aria-label="Controls">
          <Rail />
        </aside>
      )}
      <Stage />
      {!present && (phone ? <PhoneBar /> : <Timeline />)}
      <Notices />
      <HelpDialog />
      <CsvDialog />
      <DropTarget />
    </div>
  );
}

/** The address holds the experiment, so the skip link must not write its own fragment there. */
function skip(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('charts')?.focus();
}
