import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { deterministicId } from '../ids.ts'
import { numberOf } from '../json.ts'
import { FhirError, fail } from '../outcome.ts'
import { gatherInputs, indexStayOf, type LosCounting } from '../pathways/risk/gather.ts'
import { type HospitalVariant, hospital } from '../pathways/risk/hospital.ts'
import { lace } from '../pathways/risk/lace.ts'
import { riskAssessmentOf } from '../pathways/risk/risk-assessment.ts'
import { type RiskInput, type RiskInputs, type RiskMethod, scoreWith } from '../pathways/risk/score.ts'
import type { Version } from '../store/version.ts'
import type { Interaction, InteractionRequest } from './interaction.ts'
import { type OperationParameters, operationParameters } from './operation-parameters.ts'
import { deleted, neverExisted } from './read.ts'
import { requireValid } from './resource-body.ts'
import { retryConflicts } from './retry-conflicts.ts'
import { commitUpdate, updateWrite } from './update.ts'

/** The inputs: what kind of value each has, and how one comes to be known that is not given. */
const INPUTS: Readonly<Record<RiskInput, readonly ['count' | 'amount' | 'boolean', string]>> = {
  lengthOfStay: ['count', 'Encounter.period must say the days of admission and discharge'],
  acuteAdmission: [
    'boolean',
    'Encounter.priority, hospitalization.admitSource, type (v2-0007) or an emergency visit tells',
  ],
  charlsonIndex: ['count', 'an Observation with the code charlson-comorbidity-index tells'],
  emergencyVisits: ['count', 'Encounter.period must say the day of admission'],
  hemoglobin: ['amount', 'an Observation of the stay with LOINC 718-7 in g/dL or g/L tells'],
  sodium: ['amount', 'an Observation of the stay with LOINC 2951-2 in mmol/L or meq/L tells'],
  oncologyService: ['boolean', 'Encounter.serviceType tells'],
  procedure: ['boolean', 'Procedures of the stay tell'],
  admissions: ['count', 'Encounter.period must say the day of admission'],
}
const INPUT_NAMES = Object.keys(INPUTS) as RiskInput[]
const PARAMETERS = ['method', 'variant', 'losCounting', 'save', ...INPUT_NAMES]

/**
 * Calculates the risk of a readmission after a stay from what is stored and what is given, as a RiskAssessment; saved where asked.
 * @throws FhirError unprocessable (422) that lists the inputs that are missing
 */
export const readmissionRisk: Interaction = async (careloop, request) => {
  const parameters = operationParameters(request, PARAMETERS)
  const method = methodIn(parameters)
  const counting = oneOf(parameters, 'losCounting', ['nights', 'days'] as const)
  const save = oneOf(parameters, 'save', ['false', 'true'] as const) === 'true'
  const given = inputsIn(parameters)
  const assessment = await assess(careloop, await liveStay(careloop, request), { method, counting, given })
  if (!save) return { status: 200, resource: assessment }
  // The same stay and method always give the same id.
  const id = deterministicId(referenceTo('Encounter', request.id), 'readmission-risk', method.code)
  const preconditions = { createOnly: false, required: false }
  return retryConflicts(async () => {
    const current = await careloop.store.read('RiskAssessment', id)
    const write = updateWrite({ type: 'RiskAssessment', id }, { ...assessment, id }, current, preconditions)
    return commitUpdate(careloop, request, write, current)
  })
}

interface Asked {
  method: RiskMethod
  counting: LosCounting
  given: RiskInputs
}

const assess = async (careloop: Careloop, version: Version, { method, counting, given }: Asked): Promise<Resource> => {
  const stay = await indexStayOf(careloop, version)
  if (!stay)
    throw fail('unprocessable', 'The stay must say whose it was: a reference to a Patient.', 'Encounter.subject')
  const gathered = await gatherInputs(careloop, stay, counting)
  const score = scoreWith(method, { ...gathered.inputs, ...given })
  if ('missing' in score)
    throw new FhirError(
      'unprocessable',
      score.missing.map((name) => ({
        text: `${name} is missing: give it as a parameter, or have it found: ${INPUTS[name][1]}.`,
        code: 'required',
      })),
    )
  const found = method.needs.filter((name) => given[name] === undefined)
  const assessment = riskAssessmentOf(
    {
      method,
      score,
      patient: stay.patient,
      encounter: referenceTo('Encounter', version.id),
      basis: [...new Set(found.flatMap((name) => gathered.basis[name] ?? []))],
      given: method.needs.filter((name) => given[name] !== undefined),
    },
    careloop.clock.now(),
  ) as unknown as Resource
  await requireValid(careloop, assessment)
  return assessment
}

const liveStay = async ({ store }: Careloop, { type, id }: InteractionRequest): Promise<Version> => {
  const current = await store.read(type, id)
  if (!current) throw neverExisted(type)
  if (current.deleted) throw deleted(current)
  return current
}

/** The value of a parameter that takes certain words; the first when it is absent. @throws FhirError invalid (400) */
const oneOf = <Word extends string>({ texts }: OperationParameters, name: string, words: readonly Word[]): Word => {
  const text = texts.find(([given]) => given === name)?.[1] ?? words[0]!
  const word = words.find((candidate) => candidate === text)
  if (!word) throw fail('invalid', `${name} must be one of ${words.join(', ')}.`)
  return word
}

const methodIn = (parameters: OperationParameters): RiskMethod => {
  const method = oneOf(parameters, 'method', ['lace', 'hospital'])
  const variant: HospitalVariant = oneOf(parameters, 'variant', ['2016', '2013'])
  return method === 'lace' ? lace : hospital(variant)
}

/** @throws FhirError invalid (400) */
const inputsIn = ({ texts, element }: OperationParameters): RiskInputs => {
  const inputs: Partial<Record<RiskInput, number | boolean>> = {}
  for (const name of INPUT_NAMES) {
    const value = element(name) ?? texts.find(([given]) => given === name)?.[1]
    if (value !== undefined) inputs[name] = inputOf(name, value)
  }
  return inputs as RiskInputs
}

const inputOf = (name: RiskInput, value: unknown): number | boolean => {
  const [kind] = INPUTS[name]
  if (kind === 'boolean') {
    const isTrue = value === true || value === 'true'
    if (!isTrue && value !== false && value !== 'false') throw fail('invalid', `${name} must be true or false.`)
    return isTrue
  }
  const number = numberOf(value) ?? (typeof value === 'string' && value ? Number(value) : Number.NaN)
  const isFit = kind === 'count' ? Number.isInteger(number) && number >= 0 : Number.isFinite(number) && number > 0
  if (!isFit)
    throw fail('invalid', `${name} must be a ${kind === 'count' ? 'whole number from 0 on' : 'number above 0'}.`)
  return number
}
