/** The link against strangers: nothing that anybody writes can break it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experiments, views } from './arbitraries.testing';
import { decodeLink, encodeLink } from './link';
import { expectStable, expectValid } from './link.testing';
import { DEFAULT_EXPERIMENT, FIELDS, VIEW_FIELDS } from './schema';

describe('hostile links', () => {
  it('never throw on any string, and settle in one reading', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' })), (junk) => {
        expectStable(junk);
        expectStable(`#/?${junk}`);
        expectStable(`#/?file=${junk}&target=${junk}&at=${junk}`);
      }),
      { numRuns: 1000 },
    );
  });

  it('never throw on a lone half of a surrogate pair', () => {
    for (const link of ['#/?file=\ud800', '#/?target=a\udc00b', '#/?\ud83d=1', `#/?file=${'a'.repeat(10)}\ud83d`])
      expectStable(link);
  });

  it('survive mutations of real links', () => {
    const mutation = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 8 }),
      insert: fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom('%', '%zz', '&', '&&', '=', '-', ';', '9'.repeat(30), 'e', '.', 'NaN', '\ud800'),
      ),
    });
    fc.assert(
      fc.property(
        experiments,
        views,
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        (experiment, view, mutations) => {
          let link = encodeLink(experiment, view);
          for (const { at, remove, insert } of mutations) {
            const from = at % link.length;
            link = link.slice(0, from) + insert + link.slice(from + remove);
          }
          expectStable(link);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('survive any value under any key', () => {
    const keys = [...Object.keys(FIELDS), ...Object.keys(VIEW_FIELDS), 'v', '__proto__', 'constructor', 'toString'];
    const values = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.constantFrom(
        '',
        '0',
        '-0',
        '-1',
        '1e99',
        '-1e99',
        '1e-99',
        'Infinity',
        'NaN',
        '0x10',
        '1_000',
        ' 5 ',
        '٣',
        '99999-99999',
        '1-',
        '-',
        '010101010101',
        ';;;',
        '5:lr=',
        '5:lr=1;4:lr=1',
        '9'.repeat(400),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...keys), values), { maxLength: 12 }), (pairs) => {
        expectStable(`#/?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')}`);
      }),
      { numRuns: 1500 },
    );
  });

  it('change no prototype', () => {
    const decoded = decodeLink('#/?__proto__=1&constructor=2&prototype=3&toString=4&hasOwnProperty=5');
    expectValid(decoded);
    expect(decoded.experiment).toEqual(DEFAULT_EXPERIMENT);
    expect(decoded.remarks).toHaveLength(5);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  it.each([
    ['a megabyte of one key', `#/?${'x'.repeat(2 ** 20)}`],
    ['a megabyte of keys', `#/?${'&a=1'.repeat(2 ** 18)}`],
    ['a megabyte of widths', `#/?net=${'9-'.repeat(2 ** 19)}`],
    ['a megabyte of digits', `#/?lr=${'1'.repeat(2 ** 20)}`],
    ['digits that almost are a number', `#/?lr=${'1'.repeat(7000)}x`],
    ['a megabyte of changes', `#/?at=${'1:lr=1;'.repeat(2 ** 17)}`],
    ['a megabyte of percent signs', `#/?file=${'%'.repeat(2 ** 20)}`],
    ['a megabyte of question marks', '?'.repeat(2 ** 20)],
    ['a megabyte of slashes', `#${'/'.repeat(2 ** 20)}a=1`],
  ])('%s is cut, not obeyed', (_, link) => {
    expectStable(link);
  });

  it('say that what is too long was cut', () => {
    expect(decodeLink(`#/?lr=0.2&file=${'x'.repeat(9000)}`).remarks[0].message).toContain(
      'longer than 8000 characters',
    );
  });

  it('cap what is asked for', () => {
    const decoded = decodeLink(
      `#/?n=1e99&net=${Array.from({ length: 20 }, () => '99999').join('-')}&k=1e9&stop=1e300&dim=1e9&pace=1e9&data=blobs&classes=999&opt=sgd&batch=1e99&sampling=1e99`,
    );
    expectValid(decoded);
    expect(decoded.experiment).toMatchObject({ net: [32, 32], k: 12, stop: 1_000_000, dim: 4096, classes: 50 });
    expect(decoded.view.pace).toBe(10_000);
  });
});
