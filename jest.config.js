/** One transform and one resolver for every suite; each suite is a jest project of its own. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
};

const suite = (displayName, root, testMatch) => ({
  ...shared,
  displayName,
  roots: [root].flat().map((folder) => `<rootDir>/${folder}`),
  testMatch: [testMatch],
});

export default {
  // No measure of speed: only an end for what hangs, on however busy a machine.
  testTimeout: 30_000,
  projects: [
    suite('unit', ['src', 'web/src'], '**/*.spec.ts'),
    suite('e2e', 'test/e2e', '**/*.e2e-spec.ts'),
    suite('contract', 'test/contract', '**/*.contract-spec.ts'),
    suite('browser', 'test/browser', '**/*.browser-spec.ts'),
  ],
};
