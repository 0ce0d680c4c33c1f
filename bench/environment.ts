/** Where figures come from: without it they mean little. */
import { cpus, loadavg, platform, release } from 'node:os';

export interface Environment {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  /** Processes that wanted a core in the minute before it is asked: figures from a busy machine are worth less. */
  readonly load: number;
  readonly system: string;
  readonly node: string;
}

export function environment(): Environment {
  const cores = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    load: Math.round(10 * loadavg()[0]) / 10,
    system: `${platform()} ${release()}`,
    node: process.versions.node,
  };
}
