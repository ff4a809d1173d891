import type { Parameters } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import { parametersOf } from '../follow-up/parameters.ts'

/** Whether a code is valid. */
export interface Verdict {
  result: boolean
  /** why not */
  message?: string
  /** what the code is called */
  display?: string
}

/** The display that came with a code has to be the one it has; case and spaces at its ends do not count. */
export const withDisplay = (known: string | undefined, given: string | undefined): Verdict => {
  const named = known === undefined ? {} : { display: known }
  const plain = (text: string) => text.trim().toLowerCase()
  return given === undefined || known === undefined || plain(given) === plain(known)
    ? { result: true, ...named }
    : { result: false, message: 'The code is valid; the display that came with it is not the one it has.', ...named }
}

/** What both `$validate-code` operations answer. https://hl7.org/fhir/R4/valueset-operation-validate-code.html */
export const verdictParameters = ({ result, message, display }: Verdict): Resource => {
  const parameter: Parameters['parameter'] = [{ name: 'result', valueBoolean: result }]
  if (message !== undefined) parameter.push({ name: 'message', valueString: message })
  if (display !== undefined) parameter.push({ name: 'display', valueString: display })
  return parametersOf(parameter)
}

/** Of several codings of one concept one that is valid is enough. */
export const anyValid = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.find(({ result }) => result) ?? verdicts[0] ?? { result: false, message: 'There is no code.' }
