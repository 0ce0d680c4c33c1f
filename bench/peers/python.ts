/**
 * Finds a Python that has PyTorch, for the benchmark's peer and for the tests against the oracle. `.ci/run` looks in the
 * same places, in the shell, before anything of Node is installed.
 */
import { spawnSync } from 'node:child_process';

/** $EDGESCOPE_PYTHON, python3, or the system's own, the first with PyTorch, NumPy and SciPy; null where none has them. */
export function pythonWithTorch(): string | null {
  const named = process.env.EDGESCOPE_PYTHON;
  const candidates = [...(named ? [named] : []), 'python3', '/usr/bin/python3'];
  return candidates.find((python) => spawnSync(python, ['-c', 'import numpy, scipy, torch']).status === 0) ?? null;
}
