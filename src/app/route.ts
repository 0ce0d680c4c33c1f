/**
 * Two pages in one file: the experiment, whose link begins with `#/?`, and the benchmark at `#/benchmark`, which nothing
 * leads to but the help and the README. Each needs the machine for itself, so going from one to the other loads the
 * document anew; the link brings the experiment back.
 */
const BENCHMARK = '#/benchmark';
const HOME = '#/';

export function isBenchmark(hash: string): boolean {
  return hash === BENCHMARK || hash.startsWith(`${BENCHMARK}?`);
}

/** The link that opens the benchmark in the theme that is on. */
export function benchmarkLink(theme: string): string {
  return theme === 'auto' ? BENCHMARK : `${BENCHMARK}?theme=${theme}`;
}

/** Where the benchmark leads back to: the experiment it was opened from, or the demo. */
export function wayBack(): string {
  const state: unknown = history.state;
  const from = typeof state === 'object' && state !== null && 'from' in state ? state.from : null;
  return typeof from === 'string' && !isBenchmark(from) ? from : HOME;
}

/** Must be called before anyone else listens to the address: a change of page is nobody else's business. */
export function watchRoute(): void {
  const here = isBenchmark(location.hash);
  addEventListener('hashchange', (event) => {
    const there = isBenchmark(location.hash);
    if (there === here) return;
    event.stopImmediatePropagation();
    if (there) history.replaceState({ from: new URL(event.oldURL).hash }, '');
    location.reload();
  });
}
