import { describe, expect, it } from 'vitest';
import { add, countPlaywright, countVitest, summary } from './counts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe('counting test reports', () => {
  it('counts what vitest ran', () => {
    const report = {
      testResults: [file('passed', 'passed', 'passed', 'skipped', 'todo'), file('failed', 'passed', 'failed')],
    };
    expect(countVitest(report, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it('counts a file that does not load as a failure', () => {
    expect(countVitest({ testResults: [file('failed'), file('passed', 'passed')] }, 1).failed).toBe(1);
  });

  it('counts what Playwright ran, with its own errors', () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };
    expect(countPlaywright({ stats, errors: [{}] }, 1)).toEqual({ passed: 4, failed: 3, skipped: 2 });
  });

  it('never loses a failure: no report, a bad exit code, or nothing run', () => {
    const stats = { expected: 4, unexpected: 0, flaky: 0, skipped: 0 };
    expect(countVitest(null, 0).failed).toBe(1);
    expect(countPlaywright(null, 0).failed).toBe(1);
    expect(countVitest({ testResults: [file('passed', 'passed')] }, 1).failed).toBe(1);
    expect(countPlaywright({ stats, errors: [] }, 1).failed).toBe(1);
    expect(countVitest({ testResults: [] }, 0).failed).toBe(1);
    expect(countPlaywright({ stats: { ...stats, expected: 0, skipped: 3 }, errors: [] }, 0).failed).toBe(1);
  });

  it('says the sum in one line', () => {
    const sum = add({ passed: 2, failed: 0, skipped: 0 }, { passed: 3, failed: 1, skipped: 0 });
    expect(summary(sum)).toBe('5 passed, 1 failed');
    expect(summary({ ...sum, skipped: 4 })).toBe('5 passed, 1 failed, 4 skipped');
  });
});
