import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArguments, UsageError } from './args';
import { barLine, progressBar } from './progress';

const complaint = (...argv: string[]): string => {
  try {
    readArguments(argv);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UsageError);
    return (thrown as UsageError).message;
  }
  throw new Error('The arguments were accepted.');
};

describe('arguments', () => {
  it('has defaults', () => {
    expect(readArguments(['record', '#/'])).toEqual({
      kind: 'record',
      source: '#/',
      steps: null,
      snapshots: null,
      measure: null,
      every: null,
      engine: null,
      out: 'run.json',
      arrays: 'run.npz',
      data: null,
      json: false,
      quiet: false,
    });
  });

  it('reads every option', () => {
    const line =
      'record #/?lr=1 --steps 100 --snapshots 50,0,50 --measure loss.train, --every=2 --engine wasm --out a/b.json --data d.csv --json --quiet';
    expect(readArguments(line.split(' '))).toEqual({
      kind: 'record',
      source: '#/?lr=1',
      steps: 100,
      snapshots: [0, 50],
      measure: ['loss.train'],
      every: 2,
      engine: 'wasm',
      out: 'a/b.json',
      arrays: 'a/b.npz',
      data: 'd.csv',
      json: true,
      quiet: true,
    });
    expect(readArguments(['--help'])).toEqual({ kind: 'help' });
    expect(readArguments(['record', '-h'])).toEqual({ kind: 'help' });
  });

  it.each([
    [[], 'Say what to do'],
    [['train', '#/'], 'There is no command “train”; there is: record.'],
    [['record'], 'record needs a link'],
    [['record', '#/', 'more'], '“more” is one too many'],
    [['record', '#/', '--fast'], "Unknown option '--fast'"],
    [['record', '#/', '--steps'], '--steps needs a value; see edgescope --help.'],
    [['record', '#/', '--out', '--json'], '--out needs a value; see edgescope --help.'],
    [['record', '#/', '--steps', 'ten'], '--steps must be a whole number from 1 to 1000000, not “ten”.'],
    [['record', '#/', '--steps', '0'], '--steps must be a whole number from 1'],
    [['record', '#/', '--steps', '1e3'], 'not “1e3”'],
    [['record', '#/', '--steps', '-5'], '--steps must be a whole number from 1 to 1000000, not “-5”.'],
    [['record', '--steps', '-5'], '--steps must be a whole number from 1 to 1000000, not “-5”.'],
    [['record', '#/', '--steps=-5'], '--steps must be a whole number from 1 to 1000000, not “-5”.'],
    [['record', '#/', '--every', '-.5'], '--every must be a whole number from 1 to 10000, not “-.5”.'],
    [['record', '#/', '--snapshots', '-5,100'], '--snapshots must be a whole number from 0 to 1000000, not “-5”.'],
    [['record', '#/', '--snapshots', '1,x'], '--snapshots must be a whole number'],
    [['record', '#/', '--snapshots', ','], '--snapshots must list steps'],
    [['record', '#/', '--every', '0'], '--every must be a whole number from 1 to 10000'],
    [['record', '#/', '--out', ''], '--out needs the name of a file'],
    [['record', '#/', '--json=yes'], "Option '--json' does not take an argument"],
  ])('%j is refused', (argv, message) => {
    expect(complaint(...argv)).toContain(message);
  });

  it('throws nothing but a usage error, of one line, whatever is written', () => {
    const words = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('record', '--steps', '--every=', '--snapshots', '--out', '--', '-', '#/', '--json'),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 6 }), (argv) => {
        try {
          readArguments(argv);
        } catch (thrown) {
          if (!(thrown instanceof UsageError)) throw thrown;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('progress', () => {
  it('says how far the run is', () => {
    expect(barLine(200, { step: 50, sample: null })).toBe(`${'█'.repeat(6)}${'░'.repeat(18)}  25 % · step 50 of 200`);
    expect(barLine(7, { step: 7, sample: null })).toContain('100 %');
  });

  it('draws on a terminal only, and not too often', () => {
    const written: string[] = [];
    const write = (text: string): number => written.push(text);
    let time = 0;
    const bar = progressBar({ isTTY: true, columns: 40, write }, 10, () => time);
    bar.show({ step: 1, sample: null });
    bar.show({ step: 2, sample: null });
    time = 200;
    bar.show({ step: 3, sample: null });
    bar.end();
    expect(written).toHaveLength(3);
    expect(written[1]).toContain('step 3');
    expect(written.every((text) => text.replace('\r\x1b[K', '').length < 40)).toBe(true);

    const silent = progressBar({ isTTY: false, write }, 10, () => time);
    silent.show({ step: 1, sample: null });
    silent.end();
    expect(written).toHaveLength(3);
  });
});
