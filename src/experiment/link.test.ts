/** The link: exact round trips, old links that mean what they meant, and a sentence on whatever is wrong. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experiments, views } from './arbitraries.testing';
import { decodeLink, encodeLink } from './link';
import { DEFAULT_EXPERIMENT, DEFAULT_VIEW, FIELDS, defaultsFor } from './schema';

describe('round trip', () => {
  it('is exact for every valid experiment and view', () => {
    fc.assert(
      fc.property(experiments, views, (experiment, view) => {
        expect(decodeLink(encodeLink(experiment, view))).toEqual({ experiment, view, remarks: [] });
      }),
      { numRuns: 1500 },
    );
  });

  it('survives a whole address and the marks that browsers and messengers add to it', () => {
    const experiment = { ...DEFAULT_EXPERIMENT, lr: 0.3, at: [{ step: 800, lr: 0.1 }] };
    const link = encodeLink(experiment);
    for (const form of [
      link,
      link.slice(1),
      link.slice(2),
      link.slice(3),
      `https://host/path/?utm=x${link}`,
      link.replaceAll(':', '%3A').replaceAll(';', '%3B'),
    ]) {
      expect(decodeLink(form).experiment, form).toEqual(experiment);
    }
  });

  it('omits defaults, also those of the data set, and keeps the canonical order', () => {
    expect(encodeLink(DEFAULT_EXPERIMENT)).toBe('#/?v=1');
    expect(encodeLink(DEFAULT_EXPERIMENT, DEFAULT_VIEW)).toBe('#/?v=1');
    expect(encodeLink(defaultsFor('chebyshev'))).toBe('#/?v=1&data=chebyshev');
    const shuffled =
      '#/?play=0&seed=7&sampling=replacement&batch=8&stop=100&opt=sgd&act=gelu&lr=0.5&n=50&data=blobs&net=8&axis=log';
    const { experiment, view } = decodeLink(shuffled);
    expect(encodeLink(experiment, view)).toBe(
      '#/?v=1&data=blobs&n=50&net=8&act=gelu&opt=sgd&lr=0.5&batch=8&sampling=replacement&seed=7&stop=100&play=0&axis=log',
    );
  });

  it('fits the largest experiment that the schema allows into a link that is read whole', () => {
    const experiment = {
      ...DEFAULT_EXPERIMENT,
      data: 'csv' as const,
      noise: 0.12345678901234568,
      file: '\u6570'.repeat(200),
      target: '\u6570'.repeat(200),
      hash: 'f'.repeat(64),
      net: Array.from({ length: 8 }, () => 1000),
      at: Array.from({ length: 100 }, (_, i) => ({ step: 900_000 + i, lr: 0.0000012345678901234567 })),
    };
    expect(decodeLink(encodeLink(experiment))).toEqual({ experiment, view: DEFAULT_VIEW, remarks: [] });
  });

  it('keeps texts that mean something in an address', () => {
    for (const file of [
      'a&b=c.csv',
      '100%.csv',
      '%41.csv',
      'a+b c.csv',
      'what?#/?lr=9.csv',
      'ünï—数据.csv',
      '😀.csv',
    ]) {
      const experiment = { ...defaultsFor('csv'), file };
      expect(decodeLink(encodeLink(experiment)).experiment.file).toBe(file);
    }
  });
});

/** Links of version 1 with what they mean: never to be changed, only added to. */
const FROZEN: readonly (readonly [string, object, object?])[] = [
  ['', {}],
  ['#/?v=1', {}],
  ['#/?v=1&lr=0.2&seed=3', { lr: 0.2, seed: 3 }],
  ['#/?data=spirals&n=200&net=32-32&act=tanh&loss=mse&opt=gd&lr=0.1&seed=1', {}],
  [
    '#/?v=1&data=chebyshev&degree=3&net=100&bias=10&lr=0.2',
    { data: 'chebyshev', n: 20, noise: 0, degree: 3, net: [100], bias: [true, false], lr: 0.2 },
  ],
  [
    '#/?v=1&data=blobs&n=128&classes=4&dim=10&sep=0.8&net=24-24&loss=ce&init=pytorch',
    { data: 'blobs', n: 128, noise: 0, net: [24, 24], loss: 'ce', init: 'pytorch' },
  ],
  [
    '#/?v=1&data=csv&file=my%20data.csv&hash=0123abcd&header=no&target=65&task=classification&std=0&n=500',
    {
      data: 'csv',
      noise: 0,
      file: 'my data.csv',
      hash: '0123abcd',
      header: 'no',
      target: '65',
      task: 'classification',
      std: false,
      n: 500,
    },
  ],
  [
    '#/?v=1&lr=0.1&at=800:lr=0.3;1200:lr=0.1',
    {
      at: [
        { step: 800, lr: 0.3 },
        { step: 1200, lr: 0.1 },
      ],
    },
  ],
  [
    '#/?v=1&net=0&bias=0&act=linear&scale=0.5&init=orthogonal',
    { net: [], bias: [false], act: 'linear', scale: 0.5, init: 'orthogonal' },
  ],
  ['#/?v=1&net=8-8&bias=110&init=he&act=relu', { net: [8, 8], bias: [true, true, false], init: 'he', act: 'relu' }],
  ['#/?v=1&act=gelu&init=xavier&dseed=9&noise=0.1', { act: 'gelu', init: 'xavier', dseed: 9, noise: 0.1 }],
  ['#/?v=1&act=softplus&dseed=0', { act: 'softplus', dseed: 0 }],
  ['#/?v=1&act=sigmoid&k=6&every=5&stop=2000', { act: 'sigmoid', k: 6, every: 5, stop: 2000 }],
  ['#/?v=1&act=elu&engine=wasm&precision=f64', { act: 'elu', engine: 'wasm', precision: 'f64' }],
  ['#/?v=1&engine=webgpu', { engine: 'webgpu' }],
  ['#/?v=1&engine=tensorflow', { engine: 'tensorflow' }],
  [
    '#/?v=1&play=0&pace=max&theme=dark&axis=log&present=1',
    {},
    { play: false, pace: 'max', theme: 'dark', axis: 'log', present: true },
  ],
  ['#/?v=1&pace=12.5&theme=light', {}, { pace: 12.5, theme: 'light' }],
  ['#/?v=1&opt=sgd', { opt: 'sgd' }],
  ['#/?v=1&opt=sgd&lr=0.2&batch=16&sampling=replacement', { opt: 'sgd', lr: 0.2, batch: 16, sampling: 'replacement' }],
  ['#/?v=1&n=500&opt=sgd&batch=500', { n: 500, opt: 'sgd', batch: 500 }],
  ['#/?v=1&data=chebyshev&opt=sgd', { data: 'chebyshev', n: 20, noise: 0, opt: 'sgd' }],
  ['#/?v=1&n=32&opt=sgd&batch=32', { n: 32, opt: 'sgd', batch: 32 }],
];

describe('links of version 1', () => {
  it.each(FROZEN.map(([link, settings, shown]) => ({ link, settings, shown })))(
    '$link means for ever what it meant',
    ({ link, settings, shown }) => {
      const { experiment, view, remarks } = decodeLink(link);
      expect(remarks).toEqual([]);
      const frozen = {
      data: 'spirals', n: 200, noise: 0.02, dseed: null, classes: 4, dim: 10, sep: 0.8, degree: 4, file: '', hash: '',
      header: 'auto', target: '', task: 'auto', std: true, net: [32, 32], act: 'tanh', bias: [true], init: 'lecun', scale: 1,
      loss: 'mse', opt: 'gd', lr: 0.1, batch: null, sampling: 'epochs', seed: 1, at: [], engine: 'auto', precision: 'f32', k: 3, every: null, stop: 5000,
    }; // prettier-ignore
      expect(experiment).toEqual({ ...frozen, ...settings });
      expect(view).toEqual({ play: true, pace: 60, theme: 'auto', axis: 'linear', present: false, ...shown });
    },
  );
});

describe('remarks', () => {
  const messages = (link: string): string[] => decodeLink(link).remarks.map((remark) => remark.message);

  it.each([
    ['#/?lr=0', 'lr: 0 was taken as 0.000001. The learning rate η must be a number from 0.000001 to 1000.'],
    [
      '#/?lr=abc',
      'lr: “abc” is not a number; the default is used. The learning rate η must be a number from 0.000001 to 1000.',
    ],
    ['#/?n=1e99', 'n: 1e+99 was taken as 20000. The examples must be a whole number from 2 to 20000.'],
    [
      '#/?act=swish',
      'act: “swish” is not known; the default is used. The activation must be one of tanh, relu, gelu, softplus, sigmoid, elu, linear.',
    ],
    ['#/?lr=1&lr=2', '“lr” is given twice; the first is used.'],
    ['#/?colour=red', '“colour” is not a setting of this version; it is ignored.'],
    ['#/?v=2', 'The link is of version “2”; this page reads version 1 and does its best.'],
    ['#/?net=9999', `net: the widths were taken as 1024. The hidden widths must be ${FIELDS.net.accepts}.`],
    ['#/?bias=1101', 'bias gives 4 flags for 3 layers: every layer has biases.'],
    ['#/?precision=f64&engine=webgpu', 'WebGPU computes in 32 bits: precision=f64 needs engine=wasm.'],
    ['#/?precision=f64&engine=tensorflow', 'TensorFlow.js computes in 32 bits: precision=f64 needs engine=wasm.'],
    ['#/?data=chebyshev&loss=ce', 'cross-entropy needs classes, and Chebyshev polynomial has none: half-MSE is used.'],
    ['#/?net=1024-1024', 'the network 2-1024-1024-1 has over 1000000 parameters: 32-32 is used.'],
    ['#/?net=900-900&n=20000', '20000 examples of this network need too much memory: 10926 are used.'],
    ['#/?batch=16', 'batch is for mini-batches: opt=sgd is used.'],
    ['#/?sampling=replacement', 'sampling is for mini-batches: opt=sgd is used.'],
    ['#/?opt=gd&batch=16', 'batch has no effect with opt=gd, whose steps go over all examples.'],
    ['#/?opt=adam&batch=16', 'opt: “adam” is not known; the default is used. The optimiser must be one of gd, sgd.'],
    ['#/?opt=sgd&batch=500', 'A batch of 500 was asked for: these data allow 1 to 200, and all 200 examples are used.'],
    [
      '#/?data=chebyshev&opt=sgd&batch=999999',
      'A batch of 999999 was asked for: these data allow 1 to 20, and all 20 examples are used.',
    ],
    [
      '#/?opt=sgd&batch=1e400',
      'A batch of Infinity was asked for: these data allow 1 to 200, and all 200 examples are used.',
    ],
    [
      '#/?data=csv&opt=sgd&batch=999999',
      'A batch of 999999 was asked for: the file allows as many as it has rows, at most 10000, and all of them are used.',
    ],
    ['#/?opt=gd&batch=999999', 'batch has no effect with opt=gd, whose steps go over all examples.'],
    [
      '#/?opt=sgd&batch=0',
      'batch: 0 was taken as 1. The batch size must be a whole number from 1 to the number of examples.',
    ],
    [
      '#/?opt=sgd&sampling=often',
      'sampling: “often” is not known; the default is used. The sampling of batches must be one of epochs, replacement.',
    ],
    [
      '#/?batch=many',
      'batch: “many” is not a number; the default is used. The batch size must be a whole number from 1 to the number of examples.',
    ],
    ['#/?at=5:lr=1;4:lr=2', `at: “4:lr=2” does not come after step 5. The changes must be ${FIELDS.at.accepts}.`],
    [
      '#/?hash=xyz',
      'hash: “xyz” is not a hash; the default is used. The file hash must be 8 to 64 hexadecimal digits.',
    ],
  ])('%s → %s', (link, message) => {
    expect(messages(link)).toEqual([message]);
  });

  it('keep the rest of a link with one bad key', () => {
    expect(decodeLink('#/?lr=x&seed=5&act=gelu').experiment).toEqual({ ...DEFAULT_EXPERIMENT, seed: 5, act: 'gelu' });
  });

  it('are made of what a reader would mean by batches without an optimiser, and with gradient descent', () => {
    expect(decodeLink('#/?batch=16').experiment).toEqual({ ...DEFAULT_EXPERIMENT, opt: 'sgd', batch: 16 });
    expect(decodeLink('#/?batch=32').experiment).toEqual({ ...DEFAULT_EXPERIMENT, opt: 'sgd', batch: 32 });
    for (const link of [
      '#/?opt=gd&batch=16',
      '#/?batch=16&opt=gd',
      '#/?opt=gd&sampling=replacement',
      '#/?batch=x',
      '#/?opt=adam&batch=16',
    ])
      expect(decodeLink(link).experiment, link).toEqual(DEFAULT_EXPERIMENT);
  });

  it('keep the first of a key given twice and the changes that can be used', () => {
    expect(decodeLink('#/?lr=0.3&lr=0.4').experiment.lr).toBe(0.3);
    expect(decodeLink('#/?at=10:lr=0.3;bad;20:lr=1e9;30:lr=0.2').experiment.at).toEqual([
      { step: 10, lr: 0.3 },
      { step: 30, lr: 0.2 },
    ]);
  });
});
