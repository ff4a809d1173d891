import type { CarePlan, OperationOutcome, OperationOutcomeIssue, Provenance, Reference, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { type Resource, referenceTo } from '../fhir.ts'
import { FhirError, fail } from '../outcome.ts'
import { carePlanId, type Trigger, versionReference } from '../pathways/apply.ts'
import { type Asked, askedTransition, triggerReference } from '../pathways/asked-transition.ts'
import { creation } from '../pathways/commit.ts'
import { definitionWithId, type FoundDefinition } from '../pathways/find-definition.ts'
import type { Pathway } from '../pathways/pathway.ts'
import { type Preview, previewOf } from '../pathways/preview.ts'
import { provenanceOf } from '../pathways/provenance.ts'
import { UnfitDefinition } from '../pathways/read-definition.ts'
import { readPathway } from '../pathways/read-pathway.ts'
import { createRound } from '../pathways/round.ts'
import type { Interaction, InteractionRequest } from './interaction.ts'
import { operationParameters } from './operation-parameters.ts'
import { deleted, neverExisted } from './read.ts'
import { requireValid } from './resource-body.ts'
import { retryConflicts } from './retry-conflicts.ts'

/** Of https://hl7.org/fhir/R4/plandefinition-operation-apply.html, those that change nothing here. */
const WITHOUT_EFFECT = ['organization', 'userType', 'userLanguage', 'userTaskContext', 'setting', 'settingContext']
const PARAMETERS = ['subject', 'encounter', 'practitioner', 'anchor', 'key', ...WITHOUT_EFFECT]

interface Application extends Asked {
  /** `Practitioner/id` or `PractitionerRole/id` */
  practitioner?: string
  issues: readonly OperationOutcomeIssue[]
}

interface Applied {
  pathway: Pathway
  trigger: Trigger
  preview: Preview
}

/**
 * What a PlanDefinition asks for, as a CarePlan with its Tasks contained. Writes nothing.
 * https://hl7.org/fhir/R4/plandefinition-operation-apply.html
 */
export const applyPlanDefinition: Interaction = async (careloop, request) => {
  const asked = askedIn(request)
  const pathway = pathwayIn(await found(careloop, request))
  const { preview } = await applied(careloop, pathway, asked)
  return { status: 200, resource: shown(preview) as unknown as Resource }
}

/**
 * Creates what a PlanDefinition asks for, once: asked again with the same key, or about the same Encounter, it answers what there is.
 * @throws FhirError businessRule (422) when nothing is asked for, or the definition is not active
 */
export const applyAndSave: Interaction = async (careloop, request) => {
  const asked = askedIn(request)
  if (asked.encounter === undefined && asked.key === undefined)
    throw fail('invalid', 'Give a key: a text of your own that tells this plan from others of the subject.', 'key')
  const definition = await found(careloop, request)
  const pathway = pathwayIn(definition)
  const planId = carePlanId(triggerReference(asked), pathway)
  return retryConflicts(async () => {
    const existing = await careloop.store.read('CarePlan', planId)
    if (existing?.deleted) throw deleted(existing)
    if (existing) return { status: 200, version: existing, located: true }
    if (definition.definition.status !== 'active')
      throw fail(
        'businessRule',
        'Only an active definition can be applied; $apply shows what it would create.',
        'status',
      )
    const application = await applied(careloop, pathway, asked)
    const { preview } = application
    if (!preview.applies) throw nothingAskedFor(preview)
    const resources = saved(preview)
    for (const resource of resources) await requireValid(careloop, resource)
    const record = recordOf(careloop, application, asked, request.caller?.reference)
    const [version] = await careloop.store.write([...resources, ...preview.others, record].map(creation))
    return { status: 201, version: version!, located: true }
  })
}

const nothingAskedFor = ({ issues }: Preview): FhirError =>
  new FhirError(
    'businessRule',
    issues
      .filter(({ code }) => code !== 'not-supported')
      .map(({ diagnostics, code, expression = [] }) => ({
        text: diagnostics!,
        code,
        ...(expression[0] && { expression: expression[0] }),
      })),
  )

const found = async (careloop: Careloop, { type, id }: InteractionRequest): Promise<FoundDefinition> => {
  const definition = await definitionWithId(careloop, id)
  if (definition) return definition
  const version = await careloop.store.read(type, id)
  throw version ? deleted(version) : neverExisted(type)
}

/** @throws FhirError businessRule (422) for a definition that the engine does not carry out */
const pathwayIn = ({ definition, source }: FoundDefinition): Pathway => {
  try {
    return readPathway(definition, source)
  } catch (error) {
    if (!(error instanceof UnfitDefinition)) throw error
    throw fail('businessRule', `The definition cannot be carried out. ${error.message}`, 'PlanDefinition.action')
  }
}

const applied = async (careloop: Careloop, pathway: Pathway, asked: Application): Promise<Applied> => {
  const round = createRound(careloop)
  const { transition, stay } = await askedTransition(careloop, round, pathway, asked)
  const preview = await previewOf(careloop, round, pathway, transition, stay)
  const by: Reference | undefined = asked.practitioner === undefined ? undefined : { reference: asked.practitioner }
  return {
    pathway,
    trigger: transition.trigger,
    preview: {
      ...preview,
      plan: { ...preview.plan, ...(by && { author: by }) },
      tasks: preview.tasks.map((task) => ({ ...task, ...(by && { requester: by }) })),
      issues: [...preview.issues, ...asked.issues],
    },
  }
}

const OUTCOME = 'outcome'

/** What was skipped stays with the plan: an action that is not there cannot speak for itself. */
const withIssues = (plan: CarePlan, { issues }: Preview): CarePlan => {
  if (!issues.length) return plan
  const outcome: OperationOutcome = { resourceType: 'OperationOutcome', id: OUTCOME, issue: [...issues] }
  return {
    ...plan,
    contained: [...(plan.contained ?? []), outcome],
    supportingInfo: [{ reference: `#${OUTCOME}`, display: 'What was left out' }],
  }
}

/** Transient: the Tasks are contained, and refer to the plan as what contains them. */
const shown = (preview: Preview): CarePlan => {
  const { plan, tasks } = preview
  const contained = tasks.map((task): Task => ({ ...task, focus: { reference: '#' } }))
  const activity = tasks.map(({ id }) => ({ reference: { reference: `#${id}` } }))
  return withIssues({ ...plan, ...(contained.length && { contained }), ...(activity.length && { activity }) }, preview)
}

/** The plan first. */
const saved = (preview: Preview): Resource[] =>
  [withIssues(preview.plan, preview), ...preview.tasks] as unknown as Resource[]

const PARTICIPANT_TYPE = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type'

/** The record of it: the same that the engine leaves, and who had it done, where that is known. */
const recordOf = ({ clock }: Careloop, { pathway, trigger, preview }: Applied, asked: Asked, by?: string): Resource => {
  const { reference, version } = trigger
  const record = provenanceOf(
    {
      act: [reference, pathway.url],
      targets: saved(preview).map(({ resourceType, id }) => referenceTo(resourceType, id!)),
      trigger: versionReference(asked.encounter === undefined ? asked.subject : reference, version),
      sources: preview.sources,
      policy: pathway.canonical,
      activity: 'CREATE',
    },
    clock.now(),
  )
  if (by === undefined) return record
  const { agent } = record as unknown as Provenance
  const type = { coding: [{ system: PARTICIPANT_TYPE, code: 'enterer' }] }
  return { ...record, agent: [...agent, { type, who: { reference: by } }] }
}

const ID_PATTERN = '[A-Za-z0-9\\-.]{1,64}'
const referenceIn = (
  texts: readonly (readonly [string, string])[],
  name: string,
  types: readonly string[],
  baseUrl: string,
): string | undefined => {
  const given = texts.filter(([candidate]) => candidate === name).map(([, value]) => value)
  if (given.length > 1)
    throw fail('invalid', `Give ${name} once: a plan is for one. Send a request for each, or a batch.`, name)
  const [text] = given
  if (text === undefined) return undefined
  const relative = text.startsWith(`${baseUrl}/`) ? text.slice(baseUrl.length + 1) : text
  if (!new RegExp(`^(?:${types.join('|')})/${ID_PATTERN}$`).test(relative))
    throw fail('invalid', `${name} must be a reference such as ${types[0]}/123.`, name)
  return relative
}

const KEY = /^[\x21-\x7e]{1,128}$/

/** @throws FhirError invalid (400) */
const askedIn = (request: InteractionRequest): Application => {
  const parameters = operationParameters(request, PARAMETERS)
  const { baseUrl } = request
  const texts = [...parameters.texts, ...referencesIn(parameters)]
  const text = (name: string) => texts.find(([candidate]) => candidate === name)?.[1]
  const subject = referenceIn(texts, 'subject', ['Patient'], baseUrl)
  if (subject === undefined) throw fail('invalid', 'Give a subject: a reference to a Patient.', 'subject')
  const encounter = referenceIn(texts, 'encounter', ['Encounter'], baseUrl)?.split('/')[1]
  const practitioner = referenceIn(texts, 'practitioner', ['Practitioner', 'PractitionerRole'], baseUrl)
  const [anchor, key] = [text('anchor'), text('key')]
  if (encounter !== undefined && anchor !== undefined)
    throw fail('invalid', 'With an encounter the definition says when windows begin: leave anchor out.', 'anchor')
  if (key !== undefined && !KEY.test(key))
    throw fail('invalid', 'key must have 1 to 128 characters of ASCII, without spaces.', 'key')
  return {
    subject,
    ...(encounter !== undefined && { encounter }),
    ...(practitioner !== undefined && { practitioner }),
    ...(anchor !== undefined && { anchor }),
    ...(key !== undefined && { key }),
    issues: WITHOUT_EFFECT.filter((name) => text(name) !== undefined || parameters.element(name) !== undefined).map(
      (name) => ({ severity: 'information', code: 'not-supported', diagnostics: `${name} has no effect here.` }),
    ),
  }
}

/** R4 wants references as text; a valueReference says the same. */
const referencesIn = ({ element }: { element(name: string): unknown }): [string, string][] =>
  ['subject', 'encounter', 'practitioner'].flatMap((name): [string, string][] => {
    const { reference } = (element(name) ?? {}) as Reference
    return typeof reference === 'string' ? [[name, reference]] : []
  })
