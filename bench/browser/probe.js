/**
 * Runs in the app's page before anything else of it, for bench/page.ts: notes every frame, every task over 50 ms, and
 * the time from each click to the next painted frame.
 */
const probe = { frames: [], longTasks: [], clicks: [] };
window.probe = probe;

const frame = (time) => {
  probe.frames.push(time);
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);

new PerformanceObserver((list) => {
  probe.longTasks.push(...list.getEntries().map(({ duration }) => duration));
}).observe({ type: 'longtask', buffered: true });

window.addEventListener(
  'click',
  (event) => {
    requestAnimationFrame(() => {
      // A task queued from within a frame runs after that frame's paint.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => probe.clicks.push(performance.now() - event.timeStamp);
      port2.postMessage(null);
    });
  },
  { capture: true },
);
