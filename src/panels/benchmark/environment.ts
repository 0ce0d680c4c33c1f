/** Where the figures come from, in the few words that a browser gives away about itself. */
import { NAMES } from '../../benchmark/report/subject';
import type { Results } from './session';

/** Put in by vite.config.ts, from package.json. */
declare const EDGESCOPE_VERSION: string;

/** Most specific first: nearly every browser also calls itself Chrome, Safari or both. */
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:A|iOS)?\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\b/],
];

const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['macOS', /Macintosh/],
  ['Windows', /Windows/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
];

/** "Firefox 145 on Windows"; the whole string where it is of no known kind. */
export function browserName(userAgent: string): string {
  const system = SYSTEMS.find(([, pattern]) => pattern.test(userAgent))?.[0];
  for (const [name, pattern] of BROWSERS) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}${system === undefined ? '' : ` on ${system}`}`;
  }
  return userAgent;
}

/** Name → value, in the order of reading. */
export function environmentOf({ begun, participants, quick }: Results): Record<string, string | number> {
  return {
    ...(begun && { Date: begun.toISOString().slice(0, 10) }),
    Edgescope: EDGESCOPE_VERSION,
    Browser: browserName(navigator.userAgent),
    Cores: navigator.hardwareConcurrency,
    ...(quick && { Measured: 'quickly, so less exactly' }),
    ...Object.fromEntries(
      participants.map(({ entrant, device, startUpMs }) => [
        NAMES[entrant],
        startUpMs === null ? device : `${device}; ready after ${Math.round(startUpMs)} ms`,
      ]),
    ),
  };
}

/** What tells more exactly where a text came from, and is too long to be read on the page itself. */
export function whereabouts(): Record<string, string> {
  return { 'User agent': navigator.userAgent, Page: location.href };
}
