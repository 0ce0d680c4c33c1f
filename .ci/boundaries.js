/**
 * ESLint rule made from layers.js: an import that runs upwards or sideways, or takes a package that its layer has no
 * business with, is an error. It goes by the path that is written, so it needs no resolver and no build.
 */
import { posix, relative, sep } from 'node:path';
import { LAYERS, TESTS } from './layers.js';

const layerOf = (path) => LAYERS.find(({ files }) => files.test(path));
const covers = (allowed, source) =>
  /[/:]$/.test(allowed) ? source.startsWith(allowed) : source === allowed || source.startsWith(`${allowed}/`);

/** What is wrong with importing `source` from `file` (both with forward slashes, from the root), or null. */
function objection(file, source) {
  const layer = layerOf(file);
  if (!layer) return 'This file belongs to no layer of .ci/layers.js.';
  const test = TESTS.files.test(file);
  if (!source.startsWith('.')) {
    const packages = test ? [...layer.packages, ...TESTS.packages] : layer.packages;
    return packages.some((allowed) => covers(allowed, source))
      ? null
      : `${layer.name} may not import the package ${source}.`;
  }
  const target = posix.join(posix.dirname(file), source);
  // The kernels are a build product; layers are folders of src.
  if (!target.startsWith('src/'))
    return layer.name === 'worker' || test ? null : `${layer.name} may not import ${target}.`;
  const to = layerOf(target) ?? layerOf(`${target}.ts`) ?? layerOf(`${target}.tsx`);
  if (!to) return `${target} belongs to no layer of .ci/layers.js.`;
  if (!test && TESTS.files.test(target)) return `Only tests may import ${target}.`;
  const may = [layer.name, ...layer.may, ...((test && TESTS.may[layer.name]) || [])];
  return may.includes(to.name) ? null : `${layer.name} may not import ${to.name} (${target}).`;
}

/** @type {import('eslint').Rule.RuleModule} */
export const boundaries = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(context.cwd, context.filename).replaceAll(sep, '/');
    const check = (node) => {
      if (typeof node?.value !== 'string') return;
      const message = objection(file, node.value);
      if (message) context.report({ node, message });
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      TSImportType: ({ source }) => check(source),
    };
  },
};
