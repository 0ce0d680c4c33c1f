/** The numbers of a chart as a table, thinned to what a reader can take in, with the whole of them to download. */
import type { ReactElement } from 'react';
import type { Table } from '../../plot/table';
import { Button } from '../../ui/Button';
import { saveFile } from './save';

export interface TableSource {
  readonly table: Table;
  /** Everything, as comma-separated values. */
  readonly csv: () => string;
  /** The picture as SVG; null where the panel cannot be drawn so. */
  readonly svg: (() => string) | null;
  /** The picture as PNG, two pixels to each. */
  readonly png: (() => Promise<Blob>) | null;
}

export function DataTable({ source, name }: { readonly source: TableSource; readonly name: string }): ReactElement {
  const { table, csv, svg, png } = source;
  const file = `edgescope-${name}`;
  return (
    <div className="data">
      <div className="data-buttons">
        <Button onClick={() => saveFile(`${file}.csv`, new Blob([csv()], { type: 'text/csv' }))}>Save CSV</Button>
        {svg && (
          <Button onClick={() => saveFile(`${file}.svg`, new Blob([svg()], { type: 'image/svg+xml' }))}>
            Save SVG
          </Button>
        )}
        {png && <Button onClick={() => void png().then((blob) => saveFile(`${file}.png`, blob))}>Save PNG</Button>}
      </div>
      <div className="data-scroll" tabIndex={0} role="group" aria-label="Table">
        <table>
          <caption>{table.caption}</caption>
          <thead>
            <tr>
              {table.head.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr key={row[0]}>
                {row.map((cell, i) => (
                  <td key={table.head[i]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
