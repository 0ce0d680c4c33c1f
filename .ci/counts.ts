/**
 * Counts what the two test runners report. A run that failed without naming a test (a file that does not load, a crash,
 * no test at all) counts as one failure, so that nothing can be lost in the sum.
 */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** At least one failure where the runner's exit code is not 0, or it ran nothing. */
function withExit(counts: Counts, code: number): Counts {
  const silent = counts.failed === 0 && (code !== 0 || counts.passed === 0);
  return silent ? { ...counts, failed: 1 } : counts;
}

interface VitestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** From vitest's JSON reporter (null: it wrote none) and its exit code. */
export function countVitest(report: unknown, code: number): Counts {
  if (!report) return { ...NOTHING, failed: 1 };
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of (report as VitestReport).testResults) {
    const failed = assertionResults.filter((test) => test.status === 'failed').length;
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    counts.passed += passed;
    counts.skipped += assertionResults.length - passed - failed;
    // A file that failed as a whole: it did not load, or a hook outside its tests threw.
    counts.failed += failed === 0 && status === 'failed' ? 1 : failed;
  }
  return withExit(counts, code);
}

interface PlaywrightReport {
  readonly stats: Readonly<Record<'expected' | 'unexpected' | 'flaky' | 'skipped', number>>;
  readonly errors: readonly unknown[];
}

/** From Playwright's JSON reporter (null: it wrote none) and its exit code. */
export function countPlaywright(report: unknown, code: number): Counts {
  if (!report) return { ...NOTHING, failed: 1 };
  const { stats, errors } = report as PlaywrightReport;
  const counts = {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
  return withExit(counts, code);
}

/** The last line of `npm test`. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
