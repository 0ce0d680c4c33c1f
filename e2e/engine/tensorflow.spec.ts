/** The TensorFlow.js engine on its WebGPU backend, on a device of ours; on its cpu backend it is proven in Node. */
import { SMALL, type Case } from '../../src/engine/landscape/cases.testing';
import type { Meeting } from '../../src/engine/landscape/tensorflow/agreement.testing';
import { expect, test } from './support';

const CASES: readonly Partial<Case>[] = [
  { activation: 'tanh', loss: 'ce' },
  { activation: 'relu', loss: 'mse' },
  { activation: 'gelu', loss: 'ce' },
  { activation: 'softplus', loss: 'mse' },
  { activation: 'sigmoid', loss: 'ce' },
  { activation: 'elu', loss: 'mse' },
  { activation: 'linear', loss: 'ce' },
  { sizes: [13, 65, 10, 1, 4], biases: [true, true, false, true], examples: 131, batch: 33 },
];

/** One way to meet for each case, in turn: all of them are tried in Node. */
const MEETINGS: readonly Meeting[] = [
  { thetaLanes: 3, vLanes: 3, chosen: 'many' },
  { thetaLanes: 1, vLanes: 1, chosen: 'all' },
  { thetaLanes: 1, vLanes: 3, chosen: 'one' },
];

test('agrees with f64 on every activation', async ({ page }) => {
  test.setTimeout(180_000);
  // One engine for all: its shaders are compiled once.
  const found = await page.evaluate(
    async (cases) => {
      const { tensorFlowOnGpu, deviations } = window.edgescope;
      const { engine } = await tensorFlowOnGpu();
      const worst = [];
      for (const { given, meeting } of cases) worst.push({ given, ...(await deviations(engine, given, [meeting])) });
      engine.dispose();
      return worst;
    },
    CASES.map((given, i) => ({ given: { ...SMALL, ...given }, meeting: MEETINGS[i % MEETINGS.length] })),
  );
  expect(found).toHaveLength(CASES.length);
  for (const { given, loss, gradient, product } of found) {
    const name = `${given.sizes.join('-')} ${given.activation}, ${given.loss}`;
    expect.soft(loss, `loss of ${name}`).toBeLessThan(1e-5);
    expect.soft(gradient, `gradient of ${name}`).toBeLessThan(1e-4);
    expect.soft(product, `product of ${name}`).toBeLessThan(1e-4);
  }
});

test('says what it runs on, passes the self-test, and takes the CPU rather than a software adapter', async ({
  page,
}) => {
  const devices = await page.evaluate(async () => {
    const { tensorFlowOnGpu, fetchBestTensorFlowEngine, selfTest } = window.edgescope;
    const { engine } = await tensorFlowOnGpu();
    await selfTest(engine);
    engine.dispose();
    const best = await (await fetchBestTensorFlowEngine(navigator.gpu))();
    await selfTest(best);
    best.dispose();
    // The same adapter under a hardware's name.
    const info = { vendor: 'acme', architecture: '', device: '', description: 'Acme 1', isFallbackAdapter: false };
    const requestAdapter = async () => {
      const adapter = await navigator.gpu.requestAdapter();
      if (!adapter) throw new Error('this browser has no WebGPU adapter');
      const { limits } = adapter;
      return { info, limits, requestDevice: (wanted: GPUDeviceDescriptor) => adapter.requestDevice(wanted) };
    };
    const hardware = await (await fetchBestTensorFlowEngine({ requestAdapter } as unknown as GPU))();
    await selfTest(hardware);
    hardware.dispose();
    return [engine.device, best.device, hardware.device];
  });
  expect(devices[0]).toMatchObject({ engine: 'tensorflow', precision: 'f32', deterministic: false });
  expect(devices[0].name).toMatch(/^TensorFlow\.js on .*swiftshader.* \(WebGPU, software\)$/i);
  expect(devices[1].name).toBe('TensorFlow.js on the CPU (backend cpu)');
  expect(devices[2].name).toBe('TensorFlow.js on Acme 1 (WebGPU)');
});

test('trains and finds eigenvalues as on the CPU, in a memory that stays flat', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { tensorFlowOnGpu, createTensorFlowEngine, tensorFlowMemory, fixtureC, Lanczos } = window.edgescope;
    const { problem, theta } = fixtureC(Math);
    const run = async (engine: Awaited<ReturnType<typeof createTensorFlowEngine>>) => {
      const landscape = await engine.landscape(problem);
      const [at, gradient] = [landscape.vector(), landscape.vector()];
      const [loss, eta] = landscape.scalars(2);
      const lanczos = new Lanczos(landscape, 10);
      landscape.write(at, theta);
      landscape.write(eta, [0.2]);
      const memory: (readonly [number, number])[] = [];
      let top = 0;
      for (let round = 0; round < 3; round++) {
        for (let t = 0; t < 2; t++) {
          landscape.gradient(at, gradient, loss);
          landscape.axpy(-1, eta, gradient, at);
        }
        landscape.linearise(at);
        const found = await lanczos.run(
          (v, out) => landscape.hessianProduct(v, out),
          Float64Array.from({ length: landscape.dimension }, (_, i) => ((i * 7) % 11) - 5),
          { wanted: 1, tolerance: 1e-6, batch: 10 },
          () => undefined,
        );
        top = found?.values[0] ?? NaN;
        const { numTensors, numBytesAllocatedInGPU = 0 } = tensorFlowMemory() as ReturnType<typeof tensorFlowMemory> & {
          numBytesAllocatedInGPU?: number;
        };
        memory.push([numTensors, numBytesAllocatedInGPU]);
      }
      const [values, [height]] = await landscape.read(at, [loss]);
      engine.dispose();
      // In either order: an engine that fails goes before what runs on it.
      landscape.dispose();
      return { values: [...values], height, top, memory };
    };
    const gpu = await run((await tensorFlowOnGpu()).engine);
    const cpu = await run(await createTensorFlowEngine({ backend: 'cpu' }));
    return { gpu, cpu, left: tensorFlowMemory().numTensors };
  });
  const { gpu, cpu, left } = result;
  expect(Math.abs(gpu.top - cpu.top)).toBeLessThan(1e-4 * cpu.top);
  expect(Math.abs(gpu.height - cpu.height)).toBeLessThan(1e-5 * cpu.height);
  gpu.values.forEach((x, i) => expect(Math.abs(x - cpu.values[i])).toBeLessThan(1e-5));
  expect(gpu.memory[1][1]).toBeGreaterThan(0);
  expect(gpu.memory[2]).toEqual(gpu.memory[1]);
  expect(cpu.memory[2]).toEqual(cpu.memory[1]);
  expect(left).toBe(0);
});

test('a lost device rejects what waits and what comes after; another engine starts on a new one', async ({ page }) => {
  const result = await page.evaluate(async () => {
    const { tensorFlowOnGpu, selfTest, fixtureA } = window.edgescope;
    const { engine, context } = await tensorFlowOnGpu();
    const { problem, theta } = fixtureA('mse', Math);
    const landscape = await engine.landscape(problem);
    const [at, out] = [landscape.vector(), landscape.vector()];
    const [loss] = landscape.scalars(1);
    landscape.write(at, theta);
    landscape.gradient(at, out, loss);
    // While shaders are still being compiled, a browser tells a loss late.
    await landscape.read(out);
    landscape.gradient(at, out, loss);
    const codes: string[] = [];
    const keep = (thrown: unknown): void => void codes.push((thrown as { code: string }).code);
    const waiting = landscape.read(out).catch(keep);
    context.gpu.destroy();
    await waiting;
    await landscape.read(out).catch(keep);
    await engine.lost;
    engine.dispose();
    landscape.dispose();
    const next = await tensorFlowOnGpu();
    await selfTest(next.engine);
    next.engine.dispose();
    return codes;
  });
  expect(result).toEqual(['device-lost', 'device-lost']);
});
