/** Test support: what must hold of anything that was decoded from a link. */
import { expect } from 'vitest';
import { formatField, parseField } from './fields';
import { decodeLink, encodeLink, type Decoded } from './link';
import { FIELDS, VIEW_FIELDS, type FieldSpec } from './schema';
import { MOST_BYTES, MOST_PARAMETERS, bytesFor, countParameters, dataShape, reconcile } from './validate';

/** Every field in bounds and of its own kind, and the settings fit together within the caps. */
export function expectValid({ experiment, view, remarks }: Decoded): void {
  const fieldsOk = (fields: Readonly<Record<string, FieldSpec>>, record: object): void => {
    expect(Object.keys(record).sort()).toEqual(Object.keys(fields).sort());
    for (const [key, value] of Object.entries(record)) {
      if (value === null) expect('optional' in fields[key], key).toBe(true);
      else expect(parseField(key, fields[key], formatField(fields[key], value)), key).toEqual({ value, wrong: null });
    }
  };
  fieldsOk(FIELDS, experiment);
  fieldsOk(VIEW_FIELDS, view);
  expect(reconcile(experiment)).toEqual({ experiment, remarks: [] });
  const shape = dataShape(experiment);
  if (shape) {
    const sizes = [shape.inputs, ...experiment.net, shape.outputs];
    expect(countParameters(sizes, experiment.bias)).toBeLessThanOrEqual(MOST_PARAMETERS);
    expect(bytesFor(experiment, sizes, experiment.n)).toBeLessThanOrEqual(MOST_BYTES);
  }
  if (experiment.opt === 'gd') expect(experiment.batch).toBeNull();
  expect(experiment.batch ?? 1).toBeLessThanOrEqual(experiment.n);
  expect(remarks.length).toBeLessThanOrEqual(20);
  for (const { message } of remarks) {
    expect(message.length).toBeLessThan(600);
    expect(message.endsWith('.'), message).toBe(true);
  }
}

/** The link decodes to something valid, which encodes to one canonical link that decodes to the same. */
export function expectStable(link: string): void {
  const decoded = decodeLink(link);
  expectValid(decoded);
  const canonical = encodeLink(decoded.experiment, decoded.view);
  const again = decodeLink(canonical);
  expect(again).toEqual({ experiment: decoded.experiment, view: decoded.view, remarks: [] });
  expect(encodeLink(again.experiment, again.view)).toBe(canonical);
}
