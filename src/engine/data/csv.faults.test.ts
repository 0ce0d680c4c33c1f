/** CSV files that cannot be used, and any bytes at all: one sentence with its place, or a data set that is sound. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CsvOptions } from '../../experiment/csv';
import { EdgescopeError } from '../../experiment/fault';
import { inspectCsv, loadCsv } from './csv';
import { complaint, fileOf, inspect, load } from './csv.testing';

describe('a bad file gets one sentence with its place', () => {
  it.each<[string, string, string, Partial<CsvOptions>?]>([
    ['empty', '', 'The file is empty.'],
    ['only comments', '# a\n\n# b\n', 'The file has no rows: there is nothing but blank lines and comments.'],
    ['only a header', 'a,b\n', 'The file has a header line and no rows under it.'],
    [
      'one column',
      '1\n2\n',
      'The file has one column, and two are needed, inputs and a target, separated by , ; | tab or space.',
    ],
    ['too short a row', '# c\n1,2,0\n\n4,5\n', 'Row 4 has 2 columns and row 2 has 3: column 3 is missing.'],
    ['too long a row', '1,2\n3,4,5\n', 'Row 2 has 3 columns and row 1 has 2: its column 3 (“5”) is one too many.'],
    ['text', 'a,b,y\n1,2,0\n4,five,1\n2,3,1\n', 'Row 3, column 2 (“b”) holds “five”, which is not a number.'],
    ['an empty cell', '1,2,0\n4,,1\n', 'Row 2, column 2 is empty: every cell needs a value.'],
    ['NA', '1,2,0\n4,NA,1\n', 'Row 2, column 2 holds “NA”, a missing value: every cell needs a value.'],
    [
      'a missing target',
      '1,2,a\n4,3,b\n4,5,?\n',
      'Row 3, column 3 holds “?”, a missing value: every cell needs a value.',
    ],
    ['infinity', '1,2,0\n4,-inf,1\n', 'Row 2, column 2 holds “-inf”, which is not finite.'],
    [
      'overflow',
      '1,2,0\n4,1e400,1\n',
      'Row 2, column 2 holds “1e400”, which is too large: values up to 10¹⁸ can be used.',
    ],
    ['a slip in the target', '1,0\n2,1\n3,O\n4,1\n', 'Row 3, column 2 holds “O”, which is not a number.'],
    [
      'one class',
      'x,k\n1,a\n2,a\n',
      'The target column 2 (“k”) holds “a” in every row: with one class there is nothing to learn.',
    ],
    [
      'an unknown target',
      'a,b\n1,2\n3,4\n',
      'There is no target column “c”: the file has “a”, “b”; give a name or give a number from 1 to 2.',
      { target: 'c' },
    ],
    [
      'a target out of range',
      '1,2\n3,4\n',
      'There is no target column “7”: the file has no header line; give a number from 1 to 2.',
      { target: '7' },
    ],
    ['an open quote', '1,2\n3,"4\n5,6\n', 'Row 2 has a quotation mark that is never closed.'],
    ['text as values', '1,a\n2,b\n', 'Row 1, column 2 holds “a”, which is not a number.', { task: 'regression' }],
  ])('%s', (_, content, message, options) => {
    expect(complaint(content, options)).toBe(message);
  });

  it('counts lines as an editor does, past quoted line breaks', () => {
    expect(complaint('x,k\n1,"a\n\nb"\n2,c\nthree,"d\ne"\n')).toBe(
      'Row 6, column 1 (“x”) holds “three”, which is not a number.',
    );
    expect(complaint('x,k\r\n1,"a\r\nb"\r\n# no\r\n2,c,d\r\n')).toContain('Row 5 has 3 columns and row 1 has 2');
  });

  it('too many classes', () => {
    const content = Array.from({ length: 51 }, (_, i) => `${i},k${i}`).join('\n');
    expect(complaint(content)).toBe(
      'The target column 2 has 51 different values, and at most 50 classes are possible.',
    );
    expect(inspect(content).classes).toHaveLength(50);
  });

  it('binary, UTF-16, Latin-1 and oversized files', () => {
    expect(complaint(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))).toContain('binary');
    expect(complaint(Uint8Array.of(0xff, 0xfe, 0x31, 0))).toContain('UTF-16');
    expect(complaint(Uint8Array.of(0x31, 0x2c, 0xe4, 0x0a))).toContain('not UTF-8');
    expect(complaint(new Uint8Array(64 * 1024 * 1024 + 1))).toContain('at most 64 MB');
    expect(complaint(`${'1,'.repeat(5000)}1\n`)).toBe('Row 1 has 5001 columns; at most 4096 can be read.');
  });

  it('lets a wrong guess be corrected: inspecting does not judge the cells', () => {
    expect(inspect('name,x,y\nann,1,2.5\nbob,2,3.5\ncy,3,4.5\n')).toMatchObject({ target: 2, task: 'regression' });
  });
});

describe('whatever the bytes', () => {
  const options: fc.Arbitrary<CsvOptions> = fc.record({
    header: fc.constantFrom('auto', 'yes', 'no'),
    target: fc.oneof(fc.constant(''), fc.constantFrom('1', '2', '99', 'y'), fc.string({ maxLength: 5 })),
    task: fc.constantFrom('auto', 'classification', 'regression'),
    std: fc.boolean(),
    n: fc.integer({ min: 2, max: 50 }),
  });
  const csvLike = fc
    .array(fc.constantFrom(...'0123456789.,;|\t"\n\r#- eabyNinf?', '\n', ',', '1', '2'), { maxLength: 120 })
    .map((characters) => new TextEncoder().encode(characters.join('')));

  it('gives a finite data set of the right shape, or a data fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), csvLike),
        options,
        fc.constantFrom('mse', 'ce'),
        (bytes, how, loss) => {
          try {
            const { dataset, summary } = loadCsv(fileOf(bytes), how, loss);
            expect(dataset.inputs).toHaveLength(dataset.examples * dataset.inputWidth);
            expect(dataset.targets).toHaveLength(dataset.examples * dataset.outputWidth);
            expect([...dataset.inputs, ...dataset.targets].every(Number.isFinite)).toBe(true);
            expect(summary).toEqual(inspectCsv(fileOf(bytes), how));
          } catch (thrown) {
            if (!(thrown instanceof EdgescopeError)) throw thrown;
            expect(thrown.code).toBe('data');
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads back any table of numbers, in any dialect', () => {
    const table = fc
      .tuple(fc.integer({ min: 2, max: 5 }), fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n'))
      .chain(([width, delimiter, newline]) =>
        fc.record({
          rows: fc.array(
            fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: width, maxLength: width }),
            {
              minLength: 2,
              maxLength: 8,
            },
          ),
          delimiter: fc.constant(delimiter),
          newline: fc.constant(newline),
        }),
      );
    fc.assert(
      fc.property(table, ({ rows, delimiter, newline }) => {
        const content = rows.map((row) => row.join(delimiter)).join(newline);
        const { dataset } = load(content, { task: 'regression', header: 'no' });
        expect([...dataset.inputs]).toEqual(rows.flatMap((row) => row.slice(0, -1)).map((x) => Number(String(x))));
        expect([...dataset.targets]).toEqual(rows.map((row) => Number(String(row.at(-1)))));
      }),
    );
  });
});
