/**
 * Which engine the page starts on, with a fault put in on purpose for every reason not to: what the reader is told, and
 * that the run goes on where it can.
 */
import { expect, test, type Page } from '@playwright/test';
import { button, caption, open, step, waitForStep } from './page';
import { dressAsHardware, inWorker, miscalculating, withKernels } from './sabotage';

const SMALL = 'n=40&net=8&stop=400&pace=max';
const badge = (page: Page) => page.locator('.badge').first();
const failure = (page: Page) => page.getByRole('alert');
/** Long enough for the time limits, and for a software adapter to compile. */
const PATIENT = { timeout: 45_000 };

/** The card behind the badge. */
async function reasons(page: Page) {
  await badge(page).click();
  return page.getByRole('dialog', { name: 'Engine' });
}

test.describe('the choice', () => {
  test('a software adapter is passed over, and had by one click', async ({ page }) => {
    await open(page, `#/?${SMALL}`);
    await expect(badge(page)).toHaveText('WebAssembly · f32');
    const card = await reasons(page);
    await expect(card).toContainText(
      'Running on WebAssembly, chosen automatically: the only WebGPU adapter here is software.',
    );
    await card.getByRole('button', { name: 'Use WebGPU' }).click();
    await expect(badge(page)).toHaveText(/\(WebGPU, software\) · f32$/, PATIENT);
    await expect(page).toHaveURL(/engine=webgpu/);
    await waitForStep(page, 20);
  });

  test('a hardware adapter is taken, and left by one click', async ({ page }) => {
    await inWorker(page, dressAsHardware, 'Rocket 9000');
    await open(page, `#/?${SMALL}`);
    await expect(badge(page)).toHaveText('Rocket 9000 (WebGPU) · f32', PATIENT);
    const card = await reasons(page);
    await expect(card).toContainText('Running on WebGPU, chosen automatically: a hardware GPU is here.');
    await waitForStep(page, 20);
    await card.getByRole('button', { name: 'Use WebAssembly' }).click();
    await expect(badge(page)).toHaveText('WebAssembly · f32');
    await expect(await reasons(page)).toContainText('Running on WebAssembly, which the setting “Engine” asks for.');
    await waitForStep(page, 400);
  });
});

/** Nothing is read from the GPU in less than half a second, so that a run takes as long to end. */
function readSlowly(): void {
  const map = GPUBuffer.prototype.mapAsync;
  GPUBuffer.prototype.mapAsync = async function (...range) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return map.apply(this, range);
  };
}

test('of two engines asked for in one breath the latter runs, though the run before has yet to end', async ({
  page,
}) => {
  await inWorker(page, readSlowly);
  await open(page, `#/?${SMALL}&engine=webgpu`);
  await waitForStep(page, 1);
  await page.evaluate((small) => {
    for (const engine of ['wasm', 'webgpu']) {
      location.hash = `#/?${small}&engine=${engine}&seed=2`;
      dispatchEvent(new HashChangeEvent('hashchange'));
    }
  }, SMALL);
  await expect(page).toHaveURL(/engine=webgpu&seed=2/);
  await expect(badge(page)).toHaveText(/\(WebGPU, software\) · f32$/, PATIENT);
  await waitForStep(page, 2);
  await expect(failure(page)).toHaveCount(0);
});

/** A slow machine: nothing is compiled in less than a second. */
function compileSlowly(): void {
  const create = GPUDevice.prototype.createComputePipelineAsync;
  GPUDevice.prototype.createComputePipelineAsync = async function (descriptor) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return create.call(this, descriptor);
  };
}

test('while WebGPU starts and compiles, the page says so and claims no engine', async ({ page }) => {
  await inWorker(page, compileSlowly);
  await open(page, `#/?${SMALL}&engine=webgpu`);
  await expect(caption(page)).toHaveText('Starting WebGPU…');
  await expect(badge(page)).toHaveText('no engine yet');
  await expect(caption(page)).toHaveText('Compiling the WebGPU kernels…', PATIENT);
  await expect(badge(page)).toHaveText('WebGPU…');
  await expect(badge(page)).toHaveText(/\(WebGPU, software\)/, PATIENT);
  await expect(await reasons(page)).toContainText('Running on WebGPU, which the setting “Engine” asks for.');
  await waitForStep(page, 20);
});

/** Nobody wants to sit out the time limits: long ones are a twentieth in this worker. */
function hurry(): void {
  const { setTimeout } = self;
  const hurried = (handler: () => void, ms = 0): number => setTimeout(handler, ms < 5000 ? ms : ms / 20);
  Object.assign(self, { setTimeout: hurried });
}

/** Faults of WebGPU, each set in the worker of a page with a hardware adapter, and what the page says. */
const FAULTS: readonly (readonly [string, () => void, RegExp])[] = [
  [
    'is not there',
    () => Object.defineProperty(navigator, 'gpu', { value: undefined }),
    /this browser offers no WebGPU adapter/i,
  ],
  [
    'has no adapter',
    () => {
      GPU.prototype.requestAdapter = () => Promise.resolve(null);
    },
    /this browser offers no WebGPU adapter/i,
  ],
  [
    'never finds an adapter',
    () => {
      GPU.prototype.requestAdapter = () => new Promise(() => undefined);
    },
    /WebGPU did not answer within 10 seconds/,
  ],
  [
    'fails to find an adapter',
    () => {
      GPU.prototype.requestAdapter = () => Promise.reject(new TypeError('the driver is gone'));
    },
    /this browser’s WebGPU could not be started/,
  ],
  [
    'refuses its device',
    () => {
      GPUAdapter.prototype.requestDevice = () => Promise.reject(new TypeError('limits beyond reach'));
    },
    /the GPU could not run this network/,
  ],
  [
    'loses its device at once',
    () => {
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...args) {
        const device = await request.apply(this, args);
        device.destroy();
        return device;
      };
    },
    /the GPU was lost/,
  ],
  [
    'refuses the kernels',
    () => {
      const create = GPUDevice.prototype.createShaderModule;
      GPUDevice.prototype.createShaderModule = function ({ code, ...rest }) {
        return create.call(this, { ...rest, code: `${code}\nnot a shader` });
      };
    },
    /the GPU (refused the set-up of|could not run) this network/,
  ],
  [
    'computes wrongly',
    () => {
      const create = GPUDevice.prototype.createShaderModule;
      GPUDevice.prototype.createShaderModule = function ({ code, ...rest }) {
        return create.call(this, { ...rest, code: code.replace(/\d+\.\d+/g, (x) => `${x}1`) });
      };
    },
    /Rocket 9000 \(WebGPU\) computes wrongly here: its \S+ is off by \S+ \(relative\), where 1e-4 is allowed/,
  ],
  [
    'never hands its results over',
    () => {
      GPUBuffer.prototype.mapAsync = () => new Promise(() => undefined);
    },
    /Rocket 9000 \(WebGPU\) did not answer within 20 seconds/,
  ],
];

for (const [what, fault, reason] of FAULTS) {
  test(`WebGPU that ${what} is passed over with the reason, and the run is on WebAssembly`, async ({ page }) => {
    await inWorker(page, dressAsHardware, 'Rocket 9000');
    if (what.startsWith('never')) await inWorker(page, hurry);
    await inWorker(page, fault);
    await open(page, `#/?${SMALL}`);
    await expect(badge(page)).toHaveText('WebAssembly · f32', PATIENT);
    await expect(await reasons(page)).toContainText(reason);
    await waitForStep(page, 400);
    await expect(failure(page)).toHaveCount(0);
  });
}

test('WebGPU that was asked for and refused is said above the settings, and not offered again', async ({ page }) => {
  await inWorker(page, FAULTS[1][1]);
  await open(page, `#/?${SMALL}&engine=webgpu`);
  const said = 'WebGPU was asked for, but this browser offers no WebGPU adapter: the run is on WebAssembly.';
  await expect(page.getByText(said)).toBeVisible();
  await waitForStep(page, 400);
  await expect((await reasons(page)).getByRole('button')).toHaveCount(0);
});

test('WebGPU that was asked for and was only too slow is offered again, and had by one click', async ({ page }) => {
  await inWorker(page, hurry);
  await inWorker(page, () => {
    const request = GPU.prototype.requestAdapter;
    GPU.prototype.requestAdapter = () => {
      GPU.prototype.requestAdapter = request;
      return new Promise(() => undefined);
    };
  });
  await open(page, `#/?${SMALL}&engine=webgpu`);
  const said = 'WebGPU was asked for, but WebGPU did not answer within 10 seconds: the run is on WebAssembly; ';
  await expect(page.getByText(`${said}the next run asks again.`)).toBeVisible(PATIENT);
  await waitForStep(page, 400);
  await (await reasons(page)).getByRole('button', { name: 'Try WebGPU again' }).click();
  await expect(badge(page)).toHaveText(/\(WebGPU, software\) · f32$/, PATIENT);
  await waitForStep(page, 20);
});

test('WebGPU whose code is long in coming is waited for', async ({ page }) => {
  await inWorker(page, hurry);
  await inWorker(page, dressAsHardware, 'Rocket 9000');
  await page.route(/\/engine-[^/]*\.js/, async (route) => {
    // A twentieth of the time that WebGPU may take, and half as much again.
    await new Promise((resolve) => setTimeout(resolve, 750));
    await route.continue();
  });
  await open(page, `#/?${SMALL}`);
  await expect(badge(page)).toHaveText('Rocket 9000 (WebGPU) · f32', PATIENT);
});

/** Keeps the worker's devices within reach, the latest last. */
function keepDevices(): void {
  const kept = Object.assign(self, { devices: [] as GPUDevice[] });
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await request.apply(this, args);
    kept.devices.push(device);
    return device;
  };
}

async function loseDevice(page: Page): Promise<void> {
  const [worker] = page.workers();
  await worker.evaluate(() => (self as unknown as { devices: GPUDevice[] }).devices.at(-1)?.destroy());
}

test('a GPU that is lost in mid-run is taken again, and WebAssembly where it is lost again and again', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await inWorker(page, keepDevices);
  await open(page, '#/?n=40&net=8&engine=webgpu&pace=60');
  await expect(badge(page)).toHaveText(/\(WebGPU, software\)/, PATIENT);
  for (const engine of [/\(WebGPU, software\)/, /\(WebGPU, software\)/, /^WebAssembly/]) {
    const before = await step(page);
    await waitForStep(page, before + 20);
    await loseDevice(page);
    const notice = page.getByText(/The GPU was lost\. The run goes on from step \d+\./);
    await expect(notice).toBeVisible();
    await expect(badge(page)).toHaveText(engine, PATIENT);
    await page.locator('.notices').getByRole('button', { name: 'Dismiss' }).click();
  }
  const remark = page
    .locator('.remarks')
    .getByText(/WebGPU was asked for, but the GPU was lost 3 times within a minute/);
  await expect(remark).toBeVisible();
  await waitForStep(page, (await step(page)) + 20);
  await expect(failure(page)).toHaveCount(0);
});

test.describe('the kernels', () => {
  /** The one sentence, nothing computed, and the way back once the fault is gone. */
  async function fails(page: Page, sentence: RegExp): Promise<void> {
    await expect(failure(page).getByRole('heading')).toHaveText(sentence, PATIENT);
    await expect(failure(page)).toContainText('Nothing can be computed without it');
    await expect(badge(page)).toHaveText('no engine');
    expect(await step(page)).toBe(0);
    await page.unrouteAll();
    await button(page, 'Try again').click();
    await waitForStep(page, 20);
    await expect(failure(page)).toHaveCount(0);
  }

  test('not found', async ({ page }) => {
    await withKernels(page);
    await open(page, `#/?${SMALL}`);
    await fails(page, /^The engine could not be fetched \(HTTP 404\): is the page’s server there\?$/);
  });

  test('out of reach', async ({ page }) => {
    await page.route('**/kernels-*.wasm', (route) => route.abort());
    await open(page, `#/?${SMALL}`);
    await fails(page, /^The engine could not be fetched \(.+\): is the page’s server there\?$/);
  });

  test('damaged', async ({ page }) => {
    await withKernels(page, (bytes) => bytes.subarray(0, bytes.length >> 1));
    await open(page, `#/?${SMALL}`);
    await fails(page, /^The engine could not be compiled: its file is damaged, or WebAssembly SIMD is missing here/);
  });

  test('computing wrongly', async ({ page }) => {
    await withKernels(page, miscalculating);
    await open(page, `#/?${SMALL}`);
    await fails(page, /^WebAssembly SIMD \(one thread\) computes wrongly here: its \S+ is off by \S+ \(relative\)/);
  });

  test('computing wrongly, with a WebGPU that does so too', async ({ page }) => {
    await inWorker(page, FAULTS[7][1]);
    await withKernels(page, miscalculating);
    await open(page, `#/?${SMALL}&engine=webgpu`);
    await fails(page, /^WebAssembly SIMD \(one thread\) computes wrongly here/);
  });

  test('in a worker without SIMD', async ({ page }) => {
    await inWorker(page, () => {
      const { compile } = WebAssembly;
      let times = 0;
      WebAssembly.compile = (bytes) =>
        times++ === 0 ? Promise.reject(new WebAssembly.CompileError('invalid value type v128')) : compile(bytes);
    });
    await open(page, `#/?${SMALL}`);
    await fails(page, /WebAssembly SIMD is missing here, which browsers since 2023 and Node 20 have\.$/);
  });
});
