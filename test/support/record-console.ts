import { expect } from '@jest/globals'
import { recordLine } from './recorded-logs.ts'

/**
 * Records what anything writes to the console, whether a test has put something else in the place of its methods or not: functions log by
 * `console.log`, also the bundles that the one-machine runtime loads.
 */
globalThis.careloopTestFile = expect.getState().testPath?.replace(`${process.cwd()}/`, '')

const METHODS: readonly PropertyKey[] = ['debug', 'error', 'info', 'log', 'warn']
type Method = (...values: unknown[]) => unknown

/** What stands for a method, and the method: so that restoring it puts back the method itself. */
const methodOf = new WeakMap<Method, Method>()

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value instanceof Error ? String(value.stack) : String(JSON.stringify(value))

const recorded = (method: Method): Method => {
  const standIn = new Proxy(method, {
    apply(target, self, values: unknown[]) {
      recordLine(values.map(textOf).join(' '))
      return Reflect.apply(target, self, values)
    },
  })
  methodOf.set(standIn, method)
  return standIn
}

globalThis.console = new Proxy(console, {
  get(target, name, receiver) {
    const value: unknown = Reflect.get(target, name, receiver)
    return METHODS.includes(name) && typeof value === 'function' ? recorded(value as Method) : value
  },
  set(target, name, value: unknown) {
    return Reflect.set(target, name, methodOf.get(value as Method) ?? value)
  },
})
