/** The (i) beside a quantity: opens its definition, formula and source. */
import type { JSX } from 'react';
import type { Entry } from '../experiment/catalogue';
import { Formula } from './Formula';
import { Popover } from './Popover';

export function Info({ entry }: { readonly entry: Entry }): JSX.Element {
  return (
    <Popover className="info" name={`About ${entry.name}`} face={<span aria-hidden="true">i</span>} title={entry.name}>
      <strong>{entry.name}</strong>
      <p>{entry.line}</p>
      <Formula tex={entry.formula} />
      <p className="info-source">{entry.source}</p>
    </Popover>
  );
}
