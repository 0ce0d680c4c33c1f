/** A panel with a chart: its title, the (i), and the button to the numbers behind the picture. */
import { useId, useState, type ReactElement, type ReactNode } from 'react';
import type { Entry } from '../../experiment/catalogue';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Info } from '../../ui/Info';
import { DataTable, type TableSource } from './DataTable';
import './frame.css';

interface ChartFrameProps {
  readonly name: string;
  readonly title: string;
  readonly entry: Entry;
  /** The numbers, asked for when someone wants to see them. */
  readonly source: () => TableSource;
  /** Further buttons of the header. */
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

export function ChartFrame({ name, title, entry, source, extra, children }: ChartFrameProps): ReactElement {
  const id = useId();
  const [shown, setShown] = useState<TableSource | null>(null);
  return (
    <section className={`panel panel-${name}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        <Info entry={entry} />
        <span className="panel-extra">{extra}</span>
        <Button
          variant="quiet"
          className="panel-data"
          aria-label={`Data & save: ${title}`}
          onClick={() => setShown(source())}
        >
          Data & save
        </Button>
      </header>
      {children}
      <Dialog open={shown !== null} onClose={() => setShown(null)} title={title}>
        {shown && <DataTable source={shown} name={name} />}
      </Dialog>
    </section>
  );
}
