/**
 * Test support: random valid experiments and views, built from the schema itself, so that a field added there is fuzzed
 * from its first day.
 */
import fc from 'fast-check';
import type { Experiment, View } from './experiment';
import {
  DEFAULT_EXPERIMENT,
  FIELDS,
  LR_BOUNDS,
  MOST_CHANGES,
  MOST_HIDDEN_LAYERS,
  MOST_STEPS,
  VIEW_FIELDS,
  WIDEST_LAYER,
  type FieldSpec,
} from './schema';
import { reconcile } from './validate';

/** Any finite number in bounds; −0 is no value of its own in a link. */
const within = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true }).map((x) => x + 0);

/** Control characters and lone halves of surrogate pairs are no part of a name. */
function forbidden(text: string): boolean {
  return /[\p{Cc}\p{Surrogate}]/u.test(text);
}

function text(longest: number): fc.Arbitrary<string> {
  return fc
    .oneof(
      fc.string({ maxLength: longest }),
      fc.string({ unit: 'binary', maxLength: longest / 2 }),
      fc.constantFrom('a b.csv', '100%', 'a&b=c#d?e+f', '%41', '100'),
    )
    .filter((value) => value.length <= longest && !forbidden(value));
}

const changes = fc
  .uniqueArray(fc.record({ step: fc.integer({ min: 0, max: MOST_STEPS }), lr: within(...LR_BOUNDS) }), {
    maxLength: MOST_CHANGES,
    selector: (change) => change.step,
  })
  .map((list) => [...list].sort((a, b) => a.step - b.step));

function field(key: string, spec: FieldSpec): fc.Arbitrary<unknown> {
  switch (spec.kind) {
    case 'number': {
      const value = within(spec.min, spec.max);
      return key === 'pace' ? fc.oneof(value, fc.constant('max')) : value;
    }
    case 'integer': {
      const value = fc.integer({ min: spec.min, max: spec.max });
      return spec.optional ? fc.option(value) : value;
    }
    case 'choice':
      return fc.constantFrom(...spec.choices);
    case 'text':
      return key === 'hash' ? fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9a-f]{8,64}$/)) : text(spec.longest);
    case 'flag':
      return fc.boolean();
    case 'widths':
      return fc.array(fc.integer({ min: 1, max: WIDEST_LAYER }), { maxLength: MOST_HIDDEN_LAYERS });
    case 'flags':
      return fc.array(fc.boolean(), { minLength: 1, maxLength: MOST_HIDDEN_LAYERS + 1 });
    case 'changes':
      return changes;
  }
}

function recordOf(fields: Readonly<Record<string, FieldSpec>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(Object.entries(fields).map(([key, spec]) => [key, field(key, spec)])));
}

/** Few settings away from their defaults, or all of them; biases for each layer as often as not. */
export const experiments: fc.Arbitrary<Experiment> = fc
  .tuple(
    recordOf(FIELDS),
    fc.oneof(fc.constant(Object.keys(FIELDS)), fc.subarray(Object.keys(FIELDS))),
    fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
    fc.boolean(),
  )
  .map(([record, keys, flags, perLayer]) => {
    const given = { ...DEFAULT_EXPERIMENT, ...Object.fromEntries(keys.map((key) => [key, record[key]])) };
    const bias = perLayer ? flags.slice(0, given.net.length + 1) : given.bias;
    return reconcile({ ...given, bias }).experiment;
  });

export const views: fc.Arbitrary<View> = recordOf(VIEW_FIELDS).map((record) => record as unknown as View);
