import { expect, it } from 'vitest';
import { benchmarkLink, isBenchmark } from './route';

it.each(['#/benchmark', '#/benchmark?theme=dark'])('%s is the benchmark', (hash) => {
  expect(isBenchmark(hash)).toBe(true);
});

it.each(['', '#', '#/', '#/?data=spirals', '#/benchmarks', '#/?file=benchmark', '#benchmark'])(
  '“%s” is an experiment',
  (hash) => expect(isBenchmark(hash)).toBe(false),
);

it('takes the theme along where it is not the device’s', () => {
  expect(benchmarkLink('auto')).toBe('#/benchmark');
  expect(benchmarkLink('dark')).toBe('#/benchmark?theme=dark');
});
