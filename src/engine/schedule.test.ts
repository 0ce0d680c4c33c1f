import { expect, it } from 'vitest';
import { Schedule } from './schedule';

const early = { step: 10, lr: 0.2 };
const late = { step: 30, lr: 0.4 };
const schedule = new Schedule(0.1, [early, late]);

it('has the rate of the last change at every step', () => {
  expect([0, 9, 10, 29, 30, 99].map((step) => schedule.rateAt(step))).toEqual([0.1, 0.1, 0.2, 0.2, 0.4, 0.4]);
  expect([9, 10, 31].map((step) => schedule.last(step))).toEqual([undefined, early, late]);
});

it('knows the next change, and which steps have one', () => {
  expect([0, 9, 10, 30].map((step) => schedule.nextAfter(step))).toEqual([10, 10, 30, Infinity]);
  expect([9, 10, 11].map((step) => schedule.changesAt(step))).toEqual([false, true, false]);
});

it('takes the last of several changes at one step', () => {
  const twice = schedule.with([early, { step: 10, lr: 0.3 }]);
  expect(twice.rateAt(10)).toBe(0.3);
});

it('forgets what was to come when it is changed, and is itself left alone', () => {
  const change = { step: 20, lr: 0.5 };
  expect(schedule.changed(change).changes).toEqual([early, change]);
  expect(schedule.changed({ step: 10, lr: 0.5 }).changes).toEqual([{ step: 10, lr: 0.5 }]);
  expect(schedule.changes).toEqual([early, late]);
});
