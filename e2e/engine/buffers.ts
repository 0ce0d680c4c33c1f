/** Counts the buffers that live on a device, from outside the engine: staging buffers are the engine's own to keep. */
export interface Census {
  /** Bytes of the living, without staging. */
  bytes(): number;
  count(): number;
  staging(): number;
}

export function watchBuffers(device: GPUDevice): Census {
  const living = new Set<GPUBuffer>();
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      living.delete(buffer);
      return destroy();
    };
    living.add(buffer);
    return buffer;
  };
  const own = (): GPUBuffer[] => [...living].filter(({ label }) => label !== 'staging');
  return {
    bytes: () => own().reduce((sum, { size }) => sum + size, 0),
    count: () => own().length,
    staging: () => living.size - own().length,
  };
}
