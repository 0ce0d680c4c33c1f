/** The numbers behind a chart: as a table thin enough to read, and as CSV with nothing left out. */
import { formatBound, formatStep, formatValue } from './format';
import type { ChartModel } from './model';

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const MOST_ROWS = 200;

interface ColumnOf {
  readonly id: string;
  readonly head: string;
  readonly isBound: boolean;
}

function columnsOf({ data, lines, level }: ChartModel): ColumnOf[] {
  const columns: ColumnOf[] = [];
  if (level) columns.push({ id: level.id, head: level.symbol, isBound: false });
  for (const { id, residual, symbol } of lines) {
    columns.push({ id, head: symbol, isBound: false });
    if (residual !== null) columns.push({ id: residual, head: `± ${symbol}`, isBound: true });
  }
  return columns.filter(({ id }) => data.column(id) !== undefined);
}

/** At most 200 rows, evenly spaced, the last sample always among them. */
export function tableOf(model: ChartModel, stepName: string): Table {
  const { data } = model;
  const columns = columnsOf(model).map((column) => ({ ...column, values: data.column(column.id) }));
  const stride = Math.max(1, Math.ceil(data.length / MOST_ROWS));
  const rows: string[][] = [];
  for (let i = (data.length - 1) % stride; i >= 0 && i < data.length; i += stride) {
    const cells = columns.map(({ values, isBound }) => {
      const value = values?.[i] ?? NaN;
      return isBound ? formatBound(value) : formatValue(value, 5);
    });
    rows.push([formatStep(data.steps[i]), ...cells]);
  }
  const samples = `${formatStep(data.length)} ${data.length === 1 ? 'sample' : 'samples'}`;
  const caption = stride === 1 ? `${samples}.` : `One in ${stride} of ${samples}; the CSV file has them all.`;
  return { caption, head: [stepName, ...columns.map(({ head }) => head)], rows };
}

/** Every sample as CSV (RFC 4180), columns named by their ids; an empty field where nothing was measured. */
export function csvOf(model: ChartModel): string {
  const { data } = model;
  const columns = columnsOf(model);
  const values = columns.map(({ id }) => data.column(id));
  const lines = [['step', ...columns.map(({ id }) => id)].join(',')];
  for (let i = 0; i < data.length; i++) {
    const cells = values.map((column) => (column && Number.isFinite(column[i]) ? String(column[i]) : ''));
    lines.push([String(data.steps[i]), ...cells].join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}
