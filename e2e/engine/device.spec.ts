/** The GPU under the WebGPU engine: what it is called, its limits, its errors, its loss, and TensorFlow.js beside us. */
import { expect, test } from './support';

test('says what it runs on, passes the self-test, and keeps buffers within the device', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA, selfTest } = window.edgescope;
    const { engine, hardware } = await webGpu({ nudge: true });
    await selfTest(engine);
    const landscape = await engine.landscape(fixtureA('ce', Math).problem);
    let code = '';
    try {
      landscape.basis(100_000_000);
    } catch (thrown) {
      code = (thrown as { code: string }).code;
    }
    engine.dispose();
    return { hardware, device: engine.device, code };
  });
  expect(result.hardware).toBe(false);
  expect(result.device).toMatchObject({ engine: 'webgpu', precision: 'f32', deterministic: false });
  expect(result.device.name).toMatch(/swiftshader.*software/i);
  expect(result.code).toBe('too-large');
});

test('a lost device rejects what waits and what comes after, in one sentence', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    const at = landscape.vector();
    landscape.write(at, theta);
    const faults: { code: string; message: string }[] = [];
    const keep = (thrown: unknown): void => void faults.push(thrown as { code: string; message: string });
    const waiting = landscape.read(at).catch(keep);
    engine.gpuDevice.destroy();
    await waiting;
    await landscape.read(at).catch(keep);
    await engine.landscape(problem).catch(keep);
    await engine.lost;
    return faults.map(({ code, message }) => ({ code, message }));
  });
  expect(result.map(({ code }) => code)).toEqual(['device-lost', 'device-lost', 'device-lost']);
  expect(result[0].message).toMatch(/^The GPU was lost[^.]*\.$/);
});

test('an error that the GPU reports ends the reads', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA } = window.edgescope;
    const { engine } = await webGpu();
    const landscape = await engine.landscape(fixtureA('mse', Math).problem);
    const at = landscape.vector();
    const device = engine.gpuDevice;
    device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    await device.queue.onSubmittedWorkDone();
    const fault = await landscape.read(at).then(
      () => null,
      (thrown: unknown) => thrown as { code: string; message: string; detail?: string },
    );
    engine.dispose();
    return fault && { code: fault.code, message: fault.message, detail: fault.detail ?? '' };
  });
  expect(result?.code).toBe('engine');
  expect(result?.detail).not.toBe('');
});

test('TensorFlow.js shares the device and sees θ without a copy', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { webGpu, fixtureA, shareWithTensorFlow } = window.edgescope;
    const { engine } = await webGpu();
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    const at = landscape.vector();
    landscape.write(at, theta);
    const { tf, tensor } = await shareWithTensorFlow(engine);
    const shared = tensor(landscape, at);
    const sees = async (): Promise<number[]> => {
      const doubled = tf.mul(shared, 2);
      const values = [...(await doubled.data())];
      doubled.dispose();
      return values;
    };
    const [own] = await landscape.read(at);
    const first = await sees();
    landscape.write(
      at,
      theta.map((x) => x + 1),
    );
    const [later] = await landscape.read(at);
    const second = await sees();
    const backend = tf.getBackend();
    shared.dispose();
    engine.dispose();
    return { backend, own: [...own], first, later: [...later], second };
  });
  expect(result.backend).toBe('webgpu');
  expect(result.first).toEqual(result.own.map((x) => Math.fround(2 * x)));
  expect(result.second).toEqual(result.later.map((x) => Math.fround(2 * x)));
  expect(result.second).not.toEqual(result.first);
});
