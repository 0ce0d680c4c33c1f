/**
 * The house plan as data: which part of src may import which, and which packages. boundaries.js makes a lint rule of it,
 * and lint.test.ts proves that the rule bites. Imports run downwards only; `import type` counts as an import.
 */

const REACT = ['react', 'react-dom'];
const NODE = ['node:'];

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {RegExp} files What it consists of; a file belongs to the first layer that matches.
 * @property {readonly string[]} may The layers it imports besides itself.
 * @property {readonly string[]} packages The modules it imports: a package's name, or a prefix that ends in '/' or ':'.
 */

/** @type {readonly Layer[]} */
export const LAYERS = [
  { name: 'experiment', files: /^src\/experiment\//, may: [], packages: [] },
  // The only files of the engine that need Node; nothing that a browser loads may import them.
  { name: 'engine in Node', files: /^src\/engine\/.*\/node\.ts$/, may: ['engine', 'experiment'], packages: NODE },
  {
    name: 'engine',
    files: /^src\/engine\//,
    may: ['experiment'],
    packages: ['@noble/hashes', '@tensorflow/', 'fflate', 'papaparse', 'pure-rand'],
  },
  // The words of the benchmark, which the page shows and the terminal prints.
  { name: 'benchmark report', files: /^src\/benchmark\/report\//, may: ['experiment'], packages: [] },
  {
    name: 'benchmark',
    files: /^src\/benchmark\//,
    may: ['benchmark report', 'engine', 'experiment'],
    packages: ['@jax-js/jax', '@tensorflow/'],
  },
  { name: 'protocol', files: /^src\/worker\/protocol\b/, may: ['experiment'], packages: [] },
  {
    name: 'benchmark protocol',
    files: /^src\/worker\/benchmark-protocol\b/,
    may: ['benchmark report', 'experiment'],
    packages: [],
  },
  { name: 'client', files: /^src\/worker\/client\b/, may: ['protocol', 'experiment'], packages: [] },
  {
    name: 'worker',
    files: /^src\/worker\//,
    may: ['engine', 'benchmark', 'benchmark report', 'benchmark protocol', 'protocol', 'experiment'],
    packages: [],
  },
  {
    name: 'cli',
    files: /^src\/cli\//,
    may: ['engine', 'engine in Node', 'experiment'],
    packages: ['@noble/hashes', 'fflate', ...NODE],
  },
  { name: 'state', files: /^src\/state\//, may: ['client', 'protocol', 'experiment'], packages: ['zustand'] },
  { name: 'plot', files: /^src\/plot\//, may: [], packages: ['d3', ...REACT] },
  { name: 'ui', files: /^src\/ui\//, may: ['plot', 'experiment'], packages: ['katex', 'zustand', ...REACT] },
  {
    name: 'panels',
    files: /^src\/panels\//,
    // The protocol for its types: a marker, a CSV summary.
    may: ['state', 'plot', 'ui', 'benchmark report', 'benchmark protocol', 'protocol', 'experiment'],
    packages: ['d3', 'zustand', ...REACT],
  },
  {
    name: 'app',
    files: /^src\/(app\/|main\.tsx$)/,
    may: ['panels', 'state', 'plot', 'ui', 'client', 'protocol', 'experiment'],
    packages: ['@fontsource-variable/', 'katex', 'zustand', ...REACT],
  },
];

/** A test, or a helper of tests, imports what the code beside it may, and these: it reads files, starts the engine in Node. */
export const TESTS = {
  files: /\.(test|testing)(\.tsx?)?$/,
  may: { engine: ['engine in Node'], benchmark: ['engine in Node'], worker: ['engine in Node'] },
  packages: ['vitest', 'fast-check', 'ml-matrix', ...NODE],
};

/** What of Math IEEE 754 fixes to the last bit, so that every browser and processor computes the same. */
export const EXACT_MATH = [
  'sqrt',
  'abs',
  'floor',
  'ceil',
  'round',
  'min',
  'max',
  'imul',
  'fround',
  'sign',
  'trunc',
  'PI',
];
