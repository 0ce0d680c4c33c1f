/** Changing some settings of an experiment: through the same parsers as a link, and mended to fit together. */
import type { Experiment, Remark } from '../experiment/experiment';
import { formatField, parseField } from '../experiment/fields';
import { FIELDS, defaultsFor } from '../experiment/schema';
import { reconcile } from '../experiment/validate';

/** A patch as the schema allows it: every field through the same parser as the link's. */
function validated(patch: Partial<Experiment>): Partial<Experiment> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    const spec = FIELDS[key as keyof Experiment];
    if (value === null) {
      if ('optional' in spec) result[key] = null;
      continue;
    }
    const parsed = parseField(key, spec, formatField(spec, value)).value;
    if (parsed !== undefined) result[key] = parsed;
  }
  return result;
}

/** The experiment with a patch, and what had to be mended; another data set brings its own n and noise. */
export function patchExperiment(
  experiment: Experiment,
  patch: Partial<Experiment>,
): { experiment: Experiment; remarks: Remark[] } {
  const clean = validated(patch);
  const own = clean.data && clean.data !== experiment.data ? defaultsFor(clean.data) : null;
  const start = own ? { ...experiment, n: own.n, noise: own.noise } : experiment;
  return reconcile({ ...start, ...clean });
}
