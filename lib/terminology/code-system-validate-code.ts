import type { CodeSystem, Coding } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Interaction, InteractionRequest } from '../interactions/interaction.ts'
import { type OperationParameters, operationParameters } from '../interactions/operation-parameters.ts'
import { FhirError, fail } from '../outcome.ts'
import { askedCodes } from './asked-code.ts'
import { conceptOf, isComplete } from './code-system.ts'
import { namedCodeSystem, textOf } from './named-definition.ts'
import { sourcesOf, withId } from './sources.ts'
import { anyValid, type Verdict, verdictParameters, withDisplay } from './verdict.ts'

/** Whether a code system has a code. https://hl7.org/fhir/R4/codesystem-operation-validate-code.html */
export const codeSystemValidateCode: Interaction = async (careloop, request) => {
  const names = ['url', 'version', 'code', 'display', 'coding', 'codeableConcept']
  const parameters = operationParameters(request, names)
  const codeSystem = await askedCodeSystem(careloop, request, parameters)
  const ofSystem = (coding: Coding): boolean => (coding.system ?? codeSystem.url) === codeSystem.url
  const asked = askedCodes(parameters).filter(ofSystem)
  return { status: 200, resource: verdictParameters(anyValid(asked.map((coding) => verdictOn(coding, codeSystem)))) }
}

const askedCodeSystem = async (
  careloop: Careloop,
  { id }: InteractionRequest,
  parameters: OperationParameters,
): Promise<CodeSystem> => {
  const url = textOf(parameters, 'url')
  if ((id !== '') === (url !== undefined))
    throw fail('invalid', 'Name one code system: CodeSystem/[id] in the path, or url.')
  const found = id ? await withId(careloop, 'CodeSystem', id) : undefined
  return found ?? namedCodeSystem(sourcesOf(careloop), url ?? '', textOf(parameters, 'version'))
}

const verdictOn = ({ code = '', display }: Coding, codeSystem: CodeSystem): Verdict => {
  const found = conceptOf(codeSystem, code)
  if (found) return withDisplay(found.concept.display, display)
  if (isComplete(codeSystem)) return { result: false, message: 'The code system does not have the code.' }
  throw new FhirError('unprocessable', [
    { code: 'not-supported', text: 'The code system is not here in full: whether it has the code cannot be told.' },
  ])
}
