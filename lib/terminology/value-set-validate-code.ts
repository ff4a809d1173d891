import type { Coding } from 'fhir/r4'
import type { Interaction } from '../interactions/interaction.ts'
import { operationParameters } from '../interactions/operation-parameters.ts'
import { FhirError } from '../outcome.ts'
import { askedCodes } from './asked-code.ts'
import { type Expansion, expand } from './expand.ts'
import { namedValueSet } from './named-definition.ts'
import { sourcesOf } from './sources.ts'
import { anyValid, type Verdict, verdictParameters, withDisplay } from './verdict.ts'

const OF_THE_SET = ['url', 'valueSetVersion', 'valueSet']
const OF_THE_CODE = ['code', 'system', 'systemVersion', 'display', 'coding', 'codeableConcept']

/** Whether a value set has a code. https://hl7.org/fhir/R4/valueset-operation-validate-code.html */
export const valueSetValidateCode: Interaction = async (careloop, request) => {
  const parameters = operationParameters(request, [...OF_THE_SET, ...OF_THE_CODE])
  const asked = askedCodes(parameters)
  const sources = sourcesOf(careloop)
  const valueSet = await namedValueSet(careloop, request, parameters, sources)
  const expansion = await expand(valueSet, sources)
  if (!expansion) throw cannotTell()
  const verdict = anyValid(asked.map((coding) => verdictOn(coding, expansion)))
  if (!verdict.result && asked.some(({ system }) => expansion.wholeSystems.includes(system ?? ''))) throw cannotTell()
  return { status: 200, resource: verdictParameters(verdict) }
}

const cannotTell = (): FhirError =>
  new FhirError('unprocessable', [
    {
      code: 'not-supported',
      text:
        'Whether the code is in the value set cannot be told here: that depends on a code system or a value set that is not here. PUT it, or list ' +
        'the codes in compose.include.concept.',
    },
  ])

const verdictOn = ({ system, code, display }: Coding, { concepts }: Expansion): Verdict => {
  if (system === undefined)
    return { result: false, message: 'A code without its system means nothing; give the system.' }
  const found = concepts.find((concept) => concept.system === system && concept.code === code)
  return found
    ? withDisplay(found.display, display)
    : { result: false, message: 'The value set does not have the code.' }
}
