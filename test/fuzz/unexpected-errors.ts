import { FhirError } from '../../lib/outcome.ts'

/**
 * The errors that nobody expected, which the service shows to nobody: where an error becomes an answer it is asked whether it is a FhirError
 * (lib/interactions/as-fhir-error.ts), and here every answer to that is overheard.
 */
export const overhearUnexpectedErrors = (): (() => Error[]) => {
  let heard: Error[] = []
  const isOurs = Function.prototype[Symbol.hasInstance]
  Object.defineProperty(FhirError, Symbol.hasInstance, {
    value(candidate: unknown): boolean {
      const ours = isOurs.call(FhirError, candidate)
      if (!ours && candidate instanceof Error) heard.push(candidate)
      return ours
    },
  })
  return () => {
    const errors = heard
    heard = []
    return errors
  }
}
