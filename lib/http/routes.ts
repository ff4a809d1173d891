import type { CapabilityStatementRestResource } from 'fhir/r4'
import { create } from '../interactions/create.ts'
import { deleteResource } from '../interactions/delete.ts'
import type { Interaction, InteractionCode } from '../interactions/interaction.ts'
import { read } from '../interactions/read.ts'
import { searchCompartment } from '../interactions/search-compartment.ts'
import { searchSystem } from '../interactions/search-system.ts'
import { searchType } from '../interactions/search-type.ts'
import { update } from '../interactions/update.ts'
import { vread } from '../interactions/vread.ts'
import { FORM_TYPES, JSON_TYPES, PATCH_TYPES } from './media-type.ts'

/** What a CapabilityStatement says of every type because a route is there. */
export type Capabilities = Omit<CapabilityStatementRestResource, 'type' | 'interaction' | 'searchParam'>

export interface Route {
  interaction: InteractionCode
  method: string
  /** below the base: `[type]`, `[id]` and `[vid]` stand for what the name says, anything else for itself */
  path: string
  /** the media types of its body; none: it has no body that is looked at */
  body?: readonly string[]
  /** of an operation: all that its body could hold can be left out, or stand in the URL */
  optionalBody?: true
  /** the media types that it can answer in besides FHIR's JSON */
  besides?: readonly string[]
  handle: Interaction
  /** the only types it is for; none named: all of them */
  types?: readonly string[]
  /** of an operation: where it is defined */
  definition?: string
  capabilities?: Capabilities
}

/** For what is large and seldom asked for: loaded with the first request, so that a function that never gets one does not pay for it. */
const lazily =
  (load: () => Promise<Interaction>): Interaction =>
  async (careloop, request, resolve) =>
    (await load())(careloop, request, resolve)

const seldom = () => import('./seldom.ts')
const bundle = lazily(async () => (await seldom()).bundle)
const capabilities = lazily(async () => (await seldom()).capabilities(() => routes))
const claim = lazily(async () => (await seldom()).claim)
const conditionalDelete = lazily(async () => (await seldom()).conditionalDelete)
const conditionalPatch = lazily(async () => (await seldom()).conditionalPatch)
const conditionalUpdate = lazily(async () => (await seldom()).conditionalUpdate)
const everything = lazily(async () => (await seldom()).everything)
const historyInstance = lazily(async () => (await seldom()).historyInstance)
const historySystem = lazily(async () => (await seldom()).historySystem)
const historyType = lazily(async () => (await seldom()).historyType)
const meta = lazily(async () => (await seldom()).meta)
const metaAdd = lazily(async () => (await seldom()).metaAdd)
const metaDelete = lazily(async () => (await seldom()).metaDelete)
const openApi = lazily(async () => (await seldom()).openApi(() => routes))
const patch = lazily(async () => (await seldom()).patch)
const processMessage = lazily(async () => (await seldom()).processMessage)
const readSearchParameter = lazily(async () => (await seldom()).readSearchParameter)
const searchSearchParameter = lazily(async () => (await seldom()).searchSearchParameter)
const smartConfiguration = lazily(async () => (await seldom()).smartConfiguration)
const validate = lazily(async () => (await seldom()).validate)

const readmissionRisk = lazily(async () => (await import('../interactions/readmission-risk.ts')).readmissionRisk)
const apply = lazily(async () => (await import('../interactions/apply-plan-definition.ts')).applyPlanDefinition)
const applyAndSave = lazily(async () => (await import('../interactions/apply-plan-definition.ts')).applyAndSave)
const explain = lazily(async () => (await import('../interactions/explain.ts')).explain)
const goalProgress = lazily(async () => (await import('../interactions/goal-progress.ts')).goalProgress)
const transitionReport = lazily(async () => (await import('../interactions/transition-report.ts')).transitionReport)
const caseload = lazily(async () => (await import('../follow-up/caseload/caseload.ts')).caseload)
const assign = lazily(async () => (await import('../follow-up/caseload/assign.ts')).assign)
const rebalance = lazily(async () => (await import('../follow-up/caseload/rebalance-proposals.ts')).rebalanceProposals)
const calendarLink = lazily(async () => (await import('../follow-up/feeds/calendar-link.ts')).calendarLink)
const caseConference = lazily(async () => (await import('../follow-up/team/case-conference.ts')).caseConference)
const conferenceMinutes = lazily(
  async () => (await import('../follow-up/team/conference-minutes.ts')).conferenceMinutes,
)
const referralLink = lazily(async () => (await import('../interactions/referral-link.ts')).referralLink)
const referralReport = lazily(async () => (await import('../interactions/referral-report.ts')).referralReport)
const expandValueSet = lazily(async () => (await import('../terminology/value-set-expand.ts')).valueSetExpand)
const validateCode = lazily(
  async () => (await import('../terminology/value-set-validate-code.ts')).valueSetValidateCode,
)
const lookup = lazily(async () => (await import('../terminology/code-system-lookup.ts')).codeSystemLookup)
const hasCode = lazily(async () => (await import('../terminology/code-system-validate-code.ts')).codeSystemValidateCode)
const disclosures = lazily(async () => (await import('../interactions/disclosures.ts')).disclosures)
const timeReport = lazily(async () => (await import('../follow-up/team/time-report.ts')).timeReport)

/**
 * All that this service does over HTTP, to be compared with https://hl7.org/fhir/R4/http.html. The CapabilityStatement and the
 * `Allow` header of a 405 are made from it, so that what is advertised is what works. HEAD goes wherever GET goes.
 */
// biome-ignore format: it is a table
export const routes: readonly Route[] = [
  { interaction: 'read',             method: 'GET',    path: '[type]/[id]', handle: read, capabilities: { conditionalRead: 'full-support' } },
  { interaction: 'vread',            method: 'GET',    path: '[type]/[id]/_history/[vid]', handle: vread, capabilities: { versioning: 'versioned-update', readHistory: true } },
  { interaction: 'update',           method: 'PUT',    path: '[type]/[id]', body: JSON_TYPES, handle: update },
  { interaction: 'patch',            method: 'PATCH',  path: '[type]/[id]', body: PATCH_TYPES, handle: patch },
  { interaction: 'delete',           method: 'DELETE', path: '[type]/[id]', handle: deleteResource },
  { interaction: 'update',           method: 'PUT',    path: '[type]', body: JSON_TYPES, handle: conditionalUpdate, capabilities: { conditionalUpdate: true } },
  { interaction: 'patch',            method: 'PATCH',  path: '[type]', body: PATCH_TYPES, handle: conditionalPatch },
  { interaction: 'delete',           method: 'DELETE', path: '[type]', handle: conditionalDelete, capabilities: { conditionalDelete: 'multiple' } },
  { interaction: 'history-instance', method: 'GET',    path: '[type]/[id]/_history', handle: historyInstance },
  { interaction: 'history-type',     method: 'GET',    path: '[type]/_history', handle: historyType },
  { interaction: 'history-system',   method: 'GET',    path: '_history', handle: historySystem },
  { interaction: 'create',           method: 'POST',   path: '[type]', body: JSON_TYPES, handle: create, capabilities: { conditionalCreate: true } },
  { interaction: 'search-type',      method: 'GET',    path: '[type]', handle: searchType },
  { interaction: 'search-type',      method: 'POST',   path: '[type]/_search', body: FORM_TYPES, handle: searchType },
  { interaction: 'search-type',      method: 'GET',    path: 'Patient/[id]/[type]', handle: searchCompartment },
  { interaction: 'search-type',      method: 'POST',   path: 'Patient/[id]/[type]/_search', body: FORM_TYPES, handle: searchCompartment },
  { interaction: 'search-system',    method: 'GET',    path: 'Patient/[id]/*', handle: searchCompartment },
  { interaction: 'read',             method: 'GET',    path: 'SearchParameter/[id]', handle: readSearchParameter },
  { interaction: 'search-type',      method: 'GET',    path: 'SearchParameter', handle: searchSearchParameter },
  { interaction: 'search-type',      method: 'POST',   path: 'SearchParameter/_search', body: FORM_TYPES, handle: searchSearchParameter },
  { interaction: 'search-system',    method: 'GET',    path: '', handle: searchSystem },
  { interaction: 'search-system',    method: 'POST',   path: '_search', body: FORM_TYPES, handle: searchSystem },
  { interaction: '$validate',        method: 'POST',   path: '[type]/$validate', body: JSON_TYPES, handle: validate, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
  { interaction: '$validate',        method: 'GET',    path: '[type]/[id]/$validate', handle: validate, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
  { interaction: '$validate',        method: 'POST',   path: '[type]/[id]/$validate', body: JSON_TYPES, optionalBody: true, handle: validate, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
  { interaction: '$meta',            method: 'GET',    path: '[type]/[id]/$meta', handle: meta, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta' },
  { interaction: '$meta',            method: 'POST',   path: '[type]/[id]/$meta', body: JSON_TYPES, optionalBody: true, handle: meta, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta' },
  { interaction: '$meta-add',        method: 'POST',   path: '[type]/[id]/$meta-add', body: JSON_TYPES, handle: metaAdd, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-add' },
  { interaction: '$meta-delete',     method: 'POST',   path: '[type]/[id]/$meta-delete', body: JSON_TYPES, handle: metaDelete, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-delete' },
  { interaction: '$everything',      method: 'GET',    path: '[type]/[id]/$everything', types: ['Patient'], handle: everything, definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
  { interaction: '$everything',      method: 'POST',   path: '[type]/[id]/$everything', types: ['Patient'], body: JSON_TYPES, optionalBody: true, handle: everything, definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
  { interaction: '$disclosures',     method: 'GET',    path: '[type]/[id]/$disclosures', types: ['Patient'], besides: ['text/csv'], handle: disclosures, definition: 'https://careloop.dev/fhir/OperationDefinition/Patient-disclosures' },
  { interaction: '$claim',           method: 'POST',   path: '[type]/[id]/$claim', types: ['Task'], body: JSON_TYPES, handle: claim, definition: 'https://careloop.dev/fhir/OperationDefinition/Task-claim' },
  { interaction: '$readmission-risk', method: 'POST',  path: '[type]/[id]/$readmission-risk', types: ['Encounter'], body: JSON_TYPES, handle: readmissionRisk, definition: 'https://careloop.dev/fhir/OperationDefinition/Encounter-readmission-risk' },
  { interaction: '$apply',           method: 'POST',   path: '[type]/[id]/$apply', types: ['PlanDefinition'], body: JSON_TYPES, optionalBody: true, handle: apply, definition: 'http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply' },
  { interaction: '$apply',           method: 'GET',    path: '[type]/[id]/$apply', types: ['PlanDefinition'], handle: apply, definition: 'http://hl7.org/fhir/OperationDefinition/PlanDefinition-apply' },
  { interaction: '$apply-and-save',  method: 'POST',   path: '[type]/[id]/$apply-and-save', types: ['PlanDefinition'], body: JSON_TYPES, optionalBody: true, handle: applyAndSave, definition: 'https://careloop.dev/fhir/OperationDefinition/PlanDefinition-apply-and-save' },
  { interaction: '$explain',         method: 'GET',    path: '[type]/[id]/$explain', types: ['Task'], besides: ['text/plain'], handle: explain, definition: 'https://careloop.dev/fhir/OperationDefinition/Task-explain' },
  { interaction: '$progress',        method: 'GET',    path: '[type]/[id]/$progress', types: ['Goal'], besides: ['image/svg+xml'], handle: goalProgress, definition: 'https://careloop.dev/fhir/OperationDefinition/Goal-progress' },
  { interaction: '$transition-report', method: 'GET',  path: '$transition-report', besides: ['text/csv'], handle: transitionReport, definition: 'https://careloop.dev/fhir/OperationDefinition/transition-report' },
  { interaction: '$caseload',        method: 'GET',    path: '[type]/$caseload', types: ['PractitionerRole'], handle: caseload, definition: 'https://careloop.dev/fhir/OperationDefinition/PractitionerRole-caseload' },
  { interaction: '$caseload',        method: 'GET',    path: '[type]/[id]/$caseload', types: ['PractitionerRole'], handle: caseload, definition: 'https://careloop.dev/fhir/OperationDefinition/PractitionerRole-caseload' },
  { interaction: '$rebalance',       method: 'GET',    path: '[type]/$rebalance', types: ['PractitionerRole'], handle: rebalance, definition: 'https://careloop.dev/fhir/OperationDefinition/PractitionerRole-rebalance' },
  { interaction: '$assign',          method: 'POST',   path: '[type]/$assign', types: ['Task'], body: JSON_TYPES, handle: assign, definition: 'https://careloop.dev/fhir/OperationDefinition/Task-assign' },
  { interaction: '$assign',          method: 'POST',   path: '[type]/[id]/$assign', types: ['Task'], body: JSON_TYPES, optionalBody: true, handle: assign, definition: 'https://careloop.dev/fhir/OperationDefinition/Task-assign' },
  { interaction: '$calendar-link',   method: 'POST',   path: '[type]/[id]/$calendar-link', types: ['Practitioner'], body: JSON_TYPES, optionalBody: true, handle: calendarLink, definition: 'https://careloop.dev/fhir/OperationDefinition/Practitioner-calendar-link' },
  { interaction: '$case-conference', method: 'POST',   path: '[type]/[id]/$case-conference', types: ['CarePlan'], body: JSON_TYPES, handle: caseConference, definition: 'https://careloop.dev/fhir/OperationDefinition/CarePlan-case-conference' },
  { interaction: '$conference-minutes', method: 'POST', path: '[type]/[id]/$conference-minutes', types: ['Appointment'], body: JSON_TYPES, handle: conferenceMinutes, definition: 'https://careloop.dev/fhir/OperationDefinition/Appointment-conference-minutes' },
  { interaction: '$time-report',     method: 'GET',    path: '$time-report', besides: ['text/csv'], handle: timeReport, definition: 'https://careloop.dev/fhir/OperationDefinition/time-report' },
  { interaction: '$referral-link',   method: 'POST',   path: '[type]/[id]/$referral-link', types: ['Task'], body: JSON_TYPES, optionalBody: true, handle: referralLink, definition: 'https://careloop.dev/fhir/OperationDefinition/Task-referral-link' },
  { interaction: '$referral-report', method: 'GET',    path: '$referral-report', handle: referralReport, definition: 'https://careloop.dev/fhir/OperationDefinition/referral-report' },
  { interaction: '$expand', method: 'GET', path: '[type]/$expand', types: ['ValueSet'], handle: expandValueSet, definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand' },
  { interaction: '$expand', method: 'POST', path: '[type]/$expand', types: ['ValueSet'], body: JSON_TYPES, optionalBody: true, handle: expandValueSet, definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand' },
  { interaction: '$expand', method: 'GET', path: '[type]/[id]/$expand', types: ['ValueSet'], handle: expandValueSet, definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand' },
  { interaction: '$expand', method: 'POST', path: '[type]/[id]/$expand', types: ['ValueSet'], body: JSON_TYPES, optionalBody: true, handle: expandValueSet, definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand' },
  { interaction: '$validate-code', method: 'GET', path: '[type]/$validate-code', types: ['ValueSet'], handle: validateCode, definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code' },
  { interaction: '$validate-code', method: 'POST', path: '[type]/$validate-code', types: ['ValueSet'], body: JSON_TYPES, optionalBody: true, handle: validateCode, definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code' },
  { interaction: '$validate-code', method: 'GET', path: '[type]/[id]/$validate-code', types: ['ValueSet'], handle: validateCode, definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code' },
  { interaction: '$validate-code', method: 'POST', path: '[type]/[id]/$validate-code', types: ['ValueSet'], body: JSON_TYPES, optionalBody: true, handle: validateCode, definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code' },
  { interaction: '$lookup', method: 'GET', path: '[type]/$lookup', types: ['CodeSystem'], handle: lookup, definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup' },
  { interaction: '$lookup', method: 'POST', path: '[type]/$lookup', types: ['CodeSystem'], body: JSON_TYPES, optionalBody: true, handle: lookup, definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup' },
  { interaction: '$validate-code', method: 'GET', path: '[type]/$validate-code', types: ['CodeSystem'], handle: hasCode, definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code' },
  { interaction: '$validate-code', method: 'POST', path: '[type]/$validate-code', types: ['CodeSystem'], body: JSON_TYPES, optionalBody: true, handle: hasCode, definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code' },
  { interaction: '$validate-code', method: 'GET', path: '[type]/[id]/$validate-code', types: ['CodeSystem'], handle: hasCode, definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code' },
  { interaction: '$validate-code', method: 'POST', path: '[type]/[id]/$validate-code', types: ['CodeSystem'], body: JSON_TYPES, optionalBody: true, handle: hasCode, definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code' },
  { interaction: '$process-message', method: 'POST',   path: '$process-message', body: JSON_TYPES, handle: processMessage, definition: 'http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message' },
  { interaction: '$openapi',         method: 'GET',    path: 'openapi.json', handle: openApi },
  { interaction: '$smart-configuration', method: 'GET', path: '.well-known/smart-configuration', handle: smartConfiguration },
  { interaction: 'capabilities',     method: 'GET',    path: 'metadata', handle: capabilities },
  { interaction: 'transaction',      method: 'POST',   path: '', body: JSON_TYPES, handle: bundle },
  { interaction: 'batch',            method: 'POST',   path: '', body: JSON_TYPES, handle: bundle },
]
