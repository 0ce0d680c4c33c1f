/** How much memory WebAssembly holds: counted where it is asked for, since no engine tells and the process holds more. */

/**
 * From now on notes every WebAssembly memory that grows. The function returned gives the most bytes that one of them has
 * come to since the last call: one problem lives in one memory.
 */
export function countMemory(): () => number {
  let peak = 0;
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    const before = grow.call(this, pages);
    peak = Math.max(peak, this.buffer.byteLength);
    return before;
  };
  return () => {
    const most = peak;
    peak = 0;
    return most;
  };
}
