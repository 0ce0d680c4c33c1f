import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CsvOptions, DataFile } from '../../experiment/csv';
import { EdgescopeError } from '../../experiment/fault';
import { inspectCsv, loadCsv } from './csv';

const AUTO: CsvOptions = { header: 'auto', target: '', task: 'auto', std: true, n: 10_000 };
const RAW: CsvOptions = { ...AUTO, std: false };

function fileOf(content: string | Uint8Array): DataFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { name: 'a.csv', bytes: Uint8Array.from(bytes).buffer };
}

const inspect = (content: string, options: Partial<CsvOptions> = {}) =>
  inspectCsv(fileOf(content), { ...AUTO, ...options });
const load = (content: string, options: Partial<CsvOptions> = {}, loss: 'mse' | 'ce' = 'mse') =>
  loadCsv(fileOf(content), { ...RAW, ...options }, loss);

/** The one sentence a bad file gets. */
function complaint(content: string | Uint8Array, options: Partial<CsvOptions> = {}): string {
  try {
    loadCsv(fileOf(content), { ...AUTO, ...options }, 'ce');
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(EdgescopeError);
    expect((thrown as EdgescopeError).code).toBe('data');
    return (thrown as EdgescopeError).message;
  }
  throw new Error('The file was accepted.');
}

describe('reading the cells', () => {
  const expected = [1, 2, 4, 5, 7, 8];
  it.each([
    ['commas', '1,2,0\n4,5,1\n7,8,1\n'],
    ['semicolons', '1;2;0\n4;5;1\n7;8;1'],
    ['tabs', '1\t2\t0\n4\t5\t1\n7\t8\t1\n'],
    ['bars', '1|2|0\n4|5|1\n7|8|1\n'],
    ['spaces lined up', ' 1  2  0\n 4  5  1\n 7  8  1 \n'],
    ['CRLF', '1,2,0\r\n4,5,1\r\n7,8,1\r\n'],
    ['old Mac line ends', '1,2,0\r4,5,1\r7,8,1'],
    ['quotes', '"1","2","0"\n"4","5",1\n7,"8","1"\n'],
    ['space around cells', '1 , 2 , 0\n4, 5,1\n 7,8 ,1\n'],
    ['comments, blank and empty rows', '# made by hand\n\n1,2,0\n#4,4,4\n4,5,1\n,,\n7,8,1\n\n'],
    ['a byte-order mark', '\ufeff1,2,0\n4,5,1\n7,8,1\n'],
  ])('%s', (_, content) => {
    const { dataset, summary } = load(content);
    expect([...dataset.inputs]).toEqual(expected);
    expect([...dataset.targets]).toEqual([-1, 1, 1]);
    expect(summary).toMatchObject({ rows: 3, header: false, target: 2, task: 'classification', classes: ['0', '1'] });
  });

  it('keeps delimiters, quotes and line breaks inside quoted cells', () => {
    const { summary } = load('x,kind\n1,"a, b"\n2,"say ""no"""\n3,"two\nlines"\n');
    expect(summary.classes).toEqual(['a, b', 'say "no"', 'two\nlines']);
  });

  it('prefers the semicolon where a comma could be a decimal sign', () => {
    expect(inspect('1,5;2,5;0\n1,0;3,5;1\n').columns).toHaveLength(3);
    expect(complaint('1,5;2,5;0\n1,0;3,5;1\n')).toContain('decimals are written with a point');
  });
});

describe('header, target and task', () => {
  it('sees a header over numbers, and none where there is none', () => {
    expect(inspect('a,b,c\n1,2,3\n4,5,6\n')).toMatchObject({ header: true, rows: 2 });
    expect(inspect('1,2,3\n4,5,6\n')).toMatchObject({ header: false, rows: 2 });
    expect(inspect('height,width,species\n1,2,cat\n4,5,dog\n')).toMatchObject({ header: true, target: 2 });
    expect(inspect(',x,y\n0,1,2\n1,3,4\n').columns.map(({ name }) => name)).toEqual(['column 1', 'x', 'y']);
  });

  it('does not take one slip in a row of numbers for a header', () => {
    expect(complaint('1,2,oops,4\n5,6,7,8\n1,2,3,4\n')).toBe('Row 1, column 3 holds “oops”, which is not a number.');
  });

  it('does what it is told about the header', () => {
    expect(inspect('1,2,3\n4,5,6\n', { header: 'yes' })).toMatchObject({ header: true, rows: 1 });
    expect(complaint('a,b,c\n1,2,3\n4,5,6\n', { header: 'no', target: '3', task: 'regression' })).toContain(
      'Row 1, column 1',
    );
  });

  it('finds the target by name, by being the only text, else last', () => {
    expect(inspect('class,a,b\n1,2,3\n2,5,6\n').target).toBe(0);
    expect(inspect('a,Species,b\nx1,2,3\n2,5,6\n').target).toBe(1);
    expect(inspect('a,k,b\n1,red,3\n2,blue,6\n').target).toBe(1);
    expect(inspect('red,1,3\nblue,2,6\n')).toMatchObject({ target: 0, task: 'classification', header: false });
    expect(inspect('a,b,c\n1,2,3\n4,5,6\n').target).toBe(2);
  });

  it('takes the target asked for by number, by name, by name in another case', () => {
    const content = 'Age,Height,Weight\n1.5,2,3\n4,5.5,6\n';
    expect(inspect(content, { target: '1' }).target).toBe(0);
    expect(inspect(content, { target: 'Height' }).target).toBe(1);
    expect(inspect(content, { target: 'weight' }).target).toBe(2);
  });

  it('tells classes from values', () => {
    const column = (cells: readonly (string | number)[]): string => cells.map((cell, i) => `${i},${cell}`).join('\n');
    expect(inspect(column([0, 1, 2, 0, 1, 2, 0, 1, 2])).task).toBe('classification');
    expect(inspect(column([0, 1, 0, 1])).task).toBe('classification');
    expect(inspect(column([1, 2, 3, 4, 5, 6])).task).toBe('regression');
    expect(inspect(column([0.5, 1, 0.5, 1, 0.5, 1])).task).toBe('regression');
    expect(inspect(column(Array.from({ length: 400 }, (_, i) => i % 51))).task).toBe('regression');
    expect(inspect(column([0, 1, 0, 1]), { task: 'regression' }).task).toBe('regression');
    expect(inspect(column([1, 2, 3, 4]), { task: 'classification' }).classes).toEqual(['1', '2', '3', '4']);
  });
});

describe('the data set', () => {
  it('orders classes by number, or by first appearance', () => {
    expect(load('1,10\n2,9\n3,10\n4,9\n').summary.classes).toEqual(['9', '10']);
    expect(load('1,10\n2,9\n3,10\n4,9\n').dataset.labels).toEqual(Int32Array.of(1, 0, 1, 0));
    expect(load('1,b\n2,a\n3,b\n').summary.classes).toEqual(['b', 'a']);
    expect(load('1,1.0\n2,2\n3,1\n4,2e0\n').summary.classes).toEqual(['1', '2']);
  });

  it('codes two classes as ±1 for half-MSE, one-hot otherwise', () => {
    const two = '1,a\n2,b\n';
    expect([...load(two, {}, 'mse').dataset.targets]).toEqual([-1, 1]);
    expect(load(two, {}, 'ce').dataset).toMatchObject({ outputWidth: 2, targets: Float64Array.of(1, 0, 0, 1) });
    expect(load('1,a\n2,b\n3,c\n', {}, 'mse').dataset).toMatchObject({ outputWidth: 3, classes: 3 });
  });

  it('gives values as they are, or standardised with the inputs', () => {
    const content = 'x,flat,y\n1,7,10.5\n3,7,20.5\n';
    const plain = load(content).dataset;
    expect(plain).toMatchObject({ classes: 0, labels: null, outputWidth: 1, inputWidth: 2 });
    expect([...plain.targets]).toEqual([10.5, 20.5]);
    const standard = load(content, { std: true }).dataset;
    expect([...standard.inputs]).toEqual([-1, 0, 1, 0]);
    expect([...standard.targets]).toEqual([-1, 1]);
  });

  it('uses the first n rows and counts the others', () => {
    const { dataset, summary } = load('1,0\n2,1\n3,2\n4\n', { n: 2 });
    expect(dataset.examples).toBe(2);
    expect(summary).toMatchObject({ rows: 4, classes: ['0', '1'] });
  });

  it('shows the first rows and names the file by its SHA-256', () => {
    const { summary } = load('a,b\n1,2\n3,4\n');
    expect(summary.preview).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(inspectCsv(fileOf('abc,d\n1,2\n'), AUTO).hash).toHaveLength(64);
    expect(inspect('x,y\n1,2\n2,5\n').hash).not.toBe(inspect('x,y\n1,2\n2,6\n').hash);
  });
});

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

describe('a real file', () => {
  const folder = process.env.EDGESCOPE_DATA ?? '';
  const path = join(folder, 'optdigits.tra.csv');
  it('optdigits: 64 inputs, 10 classes, no header', (context) => {
    if (folder === '' || !existsSync(path))
      return context.skip('EDGESCOPE_DATA does not name a folder with optdigits.tra.csv');
    const file = fileOf(readFileSync(path));
    const { dataset, summary } = loadCsv(file, AUTO, 'ce');
    expect(summary).toMatchObject({ rows: 2999, header: false, target: 64, task: 'classification' });
    expect(summary.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(summary.hash).toBe('47a9555df1c63c60a03bea9e0a26d8baa850cee175159b54527c8033563b3f7d');
    expect(dataset).toMatchObject({ examples: 2999, inputWidth: 64, outputWidth: 10, classes: 10 });
    const firstColumn = dataset.inputs.filter((_, i) => i % 64 === 0);
    expect(firstColumn.every((x) => x === 0)).toBe(true); // always blank in the pictures
  });
});
