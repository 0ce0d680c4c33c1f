/**
 * Proof that the lint rules of our own bite: each layer's forbidden imports, and the determinism rules. Tiny sources are
 * linted under the names of files that exist, so that the type-checked rules know them.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint, Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { boundaries } from './boundaries.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const eslint = new ESLint({ cwd: root });

/** The first source of a folder of src, itself no test. */
function someFile(folder: string): string {
  const names = readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' });
  const name = names.sort().find((n) => /\.tsx?$/.test(n) && !/\.(test|testing)\.tsx?$|^landscape/.test(n));
  if (name === undefined) throw new Error(`src/${folder} holds no source`);
  return `src/${folder}/${name}`;
}

/** "rule: message" for each problem of `code` as the contents of `file`. */
async function problems(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return result.messages.map(({ ruleId, message }) => `${ruleId ?? 'fatal'}: ${message}`);
}

/** A relative specifier from `file` to a path under src. */
const to = (file: string, target: string): string => `${'../'.repeat(file.split('/').length - 2)}${target}`;

const BOUNDARY = 'edgescope/boundaries';
const FILES: Readonly<Record<string, string>> = {
  experiment: someFile('experiment'),
  engine: someFile('engine'),
  'engine in Node': 'src/engine/landscape/wasm/node.ts',
  'benchmark report': someFile('benchmark/report'),
  benchmark: someFile('benchmark'),
  protocol: 'src/worker/protocol.ts',
  'benchmark protocol': 'src/worker/benchmark-protocol.ts',
  client: 'src/worker/client.ts',
  worker: 'src/worker/entry.ts',
  cli: someFile('cli'),
  state: someFile('state'),
  plot: someFile('plot'),
  ui: someFile('ui'),
  panels: someFile('panels'),
  app: someFile('app'),
};
const LAYERS = Object.keys(FILES);

/** Who may import whom, written out once more by hand: the table that the rule reads is what is under test. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  experiment: [],
  engine: ['experiment'],
  'engine in Node': ['experiment', 'engine'],
  'benchmark report': ['experiment'],
  benchmark: ['experiment', 'engine', 'benchmark report'],
  protocol: ['experiment'],
  'benchmark protocol': ['experiment', 'benchmark report'],
  client: ['experiment', 'protocol'],
  worker: ['experiment', 'engine', 'benchmark report', 'benchmark', 'protocol', 'benchmark protocol'],
  cli: ['experiment', 'engine', 'engine in Node'],
  state: ['experiment', 'protocol', 'client'],
  plot: [],
  ui: ['experiment', 'plot'],
  panels: ['experiment', 'benchmark report', 'protocol', 'benchmark protocol', 'state', 'plot', 'ui'],
  app: ['experiment', 'protocol', 'client', 'state', 'plot', 'ui', 'panels'],
};

describe('import boundaries', () => {
  it.each(LAYERS)('%s imports only what stands below it', async (from) => {
    const file = FILES[from];
    const others = LAYERS.filter((layer) => layer !== from);
    const code = others.map((layer) => `import '${to(file, FILES[layer].slice('src/'.length))}';\n`).join('');
    const found = (await problems(file, code)).filter((problem) => problem.startsWith(BOUNDARY));
    const refused = others.filter((layer) => found.some((problem) => problem.includes(`(${FILES[layer]})`)));
    expect(refused).toEqual(others.filter((layer) => !MAY[from].includes(layer)));
    expect(found).toHaveLength(refused.length);
  });

  const target = (file: string): string => to(file, 'engine/run');
  const ui = FILES.ui;
  it.each([
    ['a type', `import type { Run } from '${target(ui)}';\nexport type A = Run;\n`],
    ['an inline type', `export type A = import('${target(ui)}').Run;\n`],
    ['a re-export', `export { Run } from '${target(ui)}';\n`],
    ['everything re-exported', `export * from '${target(ui)}';\n`],
    ['a dynamic import', `export const load = () => import('${target(ui)}');\n`],
  ])('the UI may not import the engine as %s', async (_, code) => {
    expect(await problems(ui, code)).toContainEqual(expect.stringMatching(/boundaries: ui may not import engine/));
  });

  it.each([
    ['engine', 'react'],
    ['engine', 'zustand/vanilla'],
    ['engine', 'node:fs'],
    ['experiment', 'd3'],
    ['protocol', 'zustand'],
    ['worker', 'node:fs'],
    ['plot', 'zustand'],
    ['ui', '@tensorflow/tfjs-core'],
    ['panels', '@jax-js/jax'],
    ['app', 'fast-check'],
  ])('%s may not import the package %s', async (layer, source) => {
    const found = await problems(FILES[layer], `import '${source}';\n`);
    expect(found).toContainEqual(`${BOUNDARY}: ${layer} may not import the package ${source}.`);
  });

  it('lets a layer import itself, its packages and, in a test, the test library', async () => {
    expect(await problems('src/engine/run.ts', `import 'pure-rand';\nimport './random';\n`)).toEqual([]);
    expect(await problems('src/engine/deterministic.test.ts', `import 'vitest';\nimport 'node:fs';\n`)).toEqual([]);
  });

  it('refuses a file that belongs to no layer', () => {
    const config = { plugins: { edgescope: { rules: { boundaries } } }, rules: { [BOUNDARY]: 'error' as const } };
    const found = new Linter().verify(`import './main';\n`, config, { filename: 'src/stray.js' });
    expect(found.map(({ message }) => message)).toEqual([expect.stringContaining('belongs to no layer')]);
  });
});

describe('determinism', () => {
  const inexact = /no-restricted-syntax: .*not the same on every device/;

  it.each(['engine', 'experiment'])('forbids inexact arithmetic in %s', async (layer) => {
    for (const body of ['Math.cos(x)', 'Math.log1p(x)', 'Math.E * x', 'Math["sin"](x)', 'x ** 2']) {
      expect(await problems(FILES[layer], `export const f = (x: number): number => ${body};\n`)).toEqual([
        expect.stringMatching(inexact),
      ]);
    }
    const assigned = 'export function f(x: number): number {\n  x **= 2;\n  return x;\n}\n';
    expect(await problems(FILES[layer], assigned)).toEqual([expect.stringMatching(inexact)]);
    const renamed = 'const { exp } = Math;\nexport const f = (x: number): number => exp(x);\n';
    expect(await problems(FILES[layer], renamed)).toContainEqual(expect.stringMatching(inexact));
  });

  it('allows what IEEE 754 fixes, tests, and every other folder', async () => {
    const exact = 'export const f = (x: number): number => Math.sqrt(Math.fround(Math.abs(x))) * Math.PI;\n';
    expect(await problems(FILES.engine, exact)).toEqual([]);
    const cosine = 'export const f = (x: number): number => Math.cos(x) ** 2;\n';
    expect(await problems('src/engine/deterministic.test.ts', cosine)).toEqual([]);
    expect(await problems(FILES.plot, cosine)).toEqual([]);
  });

  it('keeps the page out of the engine', async () => {
    const found = await problems(FILES.engine, 'export const title = (): string => document.title;\n');
    expect(found).toEqual([expect.stringMatching(/no-restricted-globals/)]);
  });
});

describe('types and the console', () => {
  it.each([
    ['@typescript-eslint/no-explicit-any', 'export const f = (x: any): void => void x;\n'],
    ['@typescript-eslint/no-floating-promises', 'export function f(): void {\n  Promise.resolve(1);\n}\n'],
    ['no-console', 'export const f = (): void => console.log(1);\n'],
  ])('%s', async (rule, code) => {
    expect(await problems('src/worker/client.ts', code)).toContainEqual(expect.stringContaining(rule));
  });

  it('lets the command line print', async () => {
    expect(await problems(FILES.cli, 'export const f = (): void => console.log(1);\n')).toEqual([]);
  });

  it('react-hooks/rules-of-hooks', async () => {
    const code = `import { useState } from 'react';\nexport function C({ a }: { a: boolean }) {\n  if (a) useState(0);\n  return null;\n}\n`;
    expect(await problems('src/main.tsx', code)).toContainEqual(expect.stringContaining('react-hooks/rules-of-hooks'));
  });
});
