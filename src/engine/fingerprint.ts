/**
 * The hash of the bits of θ: two runs with the same fingerprint at a step are the same run. SHA-256 over the
 * parameters in the engine's own precision, little-endian; every NaN is first made the one canonical quiet NaN, because
 * the payload bits of a NaN may differ between processors that agree in everything else.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Precision } from '../experiment/experiment';

/** SHA-256 of θ (exact values as doubles, [P]) as 64 hex digits. */
export function fingerprint(theta: Float64Array, precision: Precision): string {
  const width = precision === 'f32' ? 4 : 8;
  const view = new DataView(new ArrayBuffer(theta.length * width));
  theta.forEach((x, i) => {
    if (precision === 'f32') {
      if (Number.isNaN(x)) view.setUint32(i * width, 0x7fc00000, true);
      else view.setFloat32(i * width, x, true);
    } else {
      if (Number.isNaN(x)) view.setBigUint64(i * width, 0x7ff8000000000000n, true);
      else view.setFloat64(i * width, x, true);
    }
  });
  return bytesToHex(sha256(new Uint8Array(view.buffer)));
}
