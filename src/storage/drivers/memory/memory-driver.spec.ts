import { describeDriver } from '../../driver-contract.js';
import { MemoryDriver } from './memory-driver.js';

describeDriver('MemoryDriver', () => {
  const driver = new MemoryDriver();
  return Promise.resolve({
    driver,
    put: (key, content) => Promise.resolve(driver.put(key, Buffer.from(content))),
    remove: (key) => Promise.resolve(driver.delete(key)),
    stage: (content) => Promise.resolve(driver.stage(Buffer.from(content))),
    leftovers: () => Promise.resolve([]),
    dispose: () => Promise.resolve(),
  });
});
