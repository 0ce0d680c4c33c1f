/** CSV files that can be used: how they are read, and what data set they give. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectCsv, loadCsv } from './csv';
import { AUTO, complaint, fileOf, inspect, load } from './csv.testing';

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
