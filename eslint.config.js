/**
 * Lint rules: type-checked TypeScript, the rules of hooks, the import boundaries of .ci/layers.js, and determinism:
 * Math's transcendental functions differ between browsers in the last bit, and a link must replay the same run
 * everywhere. .ci/lint.test.ts proves that the rules of our own bite.
 */
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { boundaries } from './.ci/boundaries.js';
import { EXACT_MATH } from './.ci/layers.js';

const TESTS = ['**/*.{test,testing}.{ts,tsx}'];
const inexact = 'is not the same on every device: use src/engine/deterministic.ts.';

export default defineConfig(
  { ignores: ['dist/', 'build/', 'test-results/', 'src/engine/landscape/wasm/assembly/*.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  // Prettier makes such a line plain to see, and writes some itself.
  { rules: { 'no-unexpected-multiline': 'off' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        // A module that is loaded when needed is named by `typeof import(…)`.
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      // Contracts promise a Promise that not every implementation needs to wait for.
      '@typescript-eslint/require-await': 'off',
      // Our stores and sessions are objects of closures: nothing in them has a `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // vitest's asymmetric matchers are typed `any`.
  { files: TESTS, rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['bench/browser/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['window', 'performance', 'requestAnimationFrame', 'PerformanceObserver', 'MessageChannel'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { edgescope: { rules: { boundaries } }, 'react-hooks': reactHooks },
    rules: { ...reactHooks.configs.flat.recommended.rules, 'edgescope/boundaries': 'error' },
  },
  { files: ['src/**/*.{ts,tsx}'], ignores: ['src/cli/**'], rules: { 'no-console': 'error' } },
  {
    files: ['src/engine/**/*.ts', 'src/experiment/**/*.ts'],
    ignores: TESTS,
    rules: {
      'no-restricted-globals': ['error', 'window', 'document', 'self', 'postMessage', 'localStorage'],
      'no-restricted-syntax': [
        'error',
        {
          selector: `MemberExpression[object.name="Math"]:not([computed=false][property.name=/^(${EXACT_MATH.join('|')})$/])`,
          message: `This part of Math ${inexact}`,
        },
        {
          selector: ':matches(BinaryExpression[operator="**"], AssignmentExpression[operator="**="])',
          message: `** ${inexact}`,
        },
        { selector: 'VariableDeclarator[init.name="Math"]', message: `Math by another name ${inexact}` },
      ],
    },
  },
);
