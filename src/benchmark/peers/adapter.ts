/** What a peer has in common with every other: whom it brings, and on which adapter its library computes. */
import { describeAdapter, type Adapter } from '../../engine/landscape/webgpu/device';
import type { Entrant } from '../entrant';

export interface Peer {
  readonly entrant: Entrant;
  /** What it runs on, in words. */
  readonly device: string;
  /** Whether its GPU is one; null where it has none or nobody can tell. */
  readonly hardware: boolean | null;
}

/** The adapter under a library's own device; null where the browser does not tell. */
export function adapterOf(device: GPUDevice): Adapter | null {
  // Typed as always there; older browsers lack it.
  const info: GPUAdapterInfo | undefined = device.adapterInfo;
  return info ? describeAdapter(info) : null;
}
