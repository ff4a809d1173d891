/** Jest in native ESM: middy 7 is ESM only, and the code under test is the code that runs. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { experimental: { keepImportAttributes: true }, target: 'es2024', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  setupFilesAfterEnv: ['<rootDir>/test/support/record-console.ts'],
  globalSetup: '<rootDir>/test/support/start-dynamodb.ts',
  globalTeardown: '<rootDir>/test/support/stop-dynamodb.ts',
  testTimeout: 30_000,
  maxWorkers: 2,
}
