import type { CapabilityStatementRestResource } from 'fhir/r4'
import { bundle } from '../interactions/bundle.ts'
import { claim } from '../interactions/claim.ts'
import { conditionalDelete } from '../interactions/conditional-delete.ts'
import { conditionalUpdate } from '../interactions/conditional-update.ts'
import { create } from '../interactions/create.ts'
import { deleteResource } from '../interactions/delete.ts'
import { everything } from '../interactions/everything.ts'
import { historyInstance } from '../interactions/history-instance.ts'
import { historySystem, historyType } from '../interactions/history-type.ts'
import type { Interaction, InteractionCode } from '../interactions/interaction.ts'
import { meta, metaAdd, metaDelete } from '../interactions/meta.ts'
import { conditionalPatch, patch } from '../interactions/patch.ts'
import { read } from '../interactions/read.ts'
import { searchCompartment } from '../interactions/search-compartment.ts'
import { readSearchParameter, searchSearchParameter } from '../interactions/search-parameter.ts'
import { searchSystem } from '../interactions/search-system.ts'
import { searchType } from '../interactions/search-type.ts'
import { update } from '../interactions/update.ts'
import { validate } from '../interactions/validate.ts'
import { vread } from '../interactions/vread.ts'
import { capabilities } from './capability-statement.ts'
import { FORM_TYPES, JSON_TYPES, PATCH_TYPES } from './media-type.ts'
import { openApi } from './open-api.ts'

/** What a CapabilityStatement says of every type because a route is there. */
export type Capabilities = Omit<CapabilityStatementRestResource, 'type' | 'interaction' | 'searchParam'>

export interface Route {
  interaction: InteractionCode
  method: string
  /** below the base: `[type]`, `[id]` and `[vid]` stand for what the name says, anything else for itself */
  path: string
  /** the media types of its body; none: it has no body that is looked at */
  body?: readonly string[]
  handle: Interaction
  /** the only types it is for; none named: all of them */
  types?: readonly string[]
  /** of an operation: where it is defined */
  definition?: string
  capabilities?: Capabilities
}

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
  { interaction: '$validate',        method: 'POST',   path: '[type]/[id]/$validate', body: JSON_TYPES, handle: validate, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
  { interaction: '$meta',            method: 'GET',    path: '[type]/[id]/$meta', handle: meta, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta' },
  { interaction: '$meta-add',        method: 'POST',   path: '[type]/[id]/$meta-add', body: JSON_TYPES, handle: metaAdd, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-add' },
  { interaction: '$meta-delete',     method: 'POST',   path: '[type]/[id]/$meta-delete', body: JSON_TYPES, handle: metaDelete, definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-delete' },
  { interaction: '$everything',      method: 'GET',    path: '[type]/[id]/$everything', types: ['Patient'], handle: everything, definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
  { interaction: '$claim',           method: 'POST',   path: '[type]/[id]/$claim', types: ['Task'], body: JSON_TYPES, handle: claim, definition: 'https://careloop.dev/fhir/OperationDefinition/Task-claim' },
  { interaction: '$openapi',         method: 'GET',    path: 'openapi.json', handle: openApi(() => routes) },
  { interaction: 'capabilities',     method: 'GET',    path: 'metadata', handle: capabilities(() => routes) },
  { interaction: 'transaction',      method: 'POST',   path: '', body: JSON_TYPES, handle: bundle },
  { interaction: 'batch',            method: 'POST',   path: '', body: JSON_TYPES, handle: bundle },
]
