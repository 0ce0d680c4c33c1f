/** Test support: the bits of a double as 16 hex digits, for fixtures that no rounding may move. */
export function bits(x: number): string {
  return new BigUint64Array(new Float64Array([x]).buffer)[0].toString(16).padStart(16, '0');
}
