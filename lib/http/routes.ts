import type { CapabilityStatementRestResource } from 'fhir/r4'
import { bundle } from '../interactions/bundle.ts'
import { create } from '../interactions/create.ts'
import { deleteResource } from '../interactions/delete.ts'
import { historyInstance } from '../interactions/history-instance.ts'
import type { Interaction, InteractionCode } from '../interactions/interaction.ts'
import { read } from '../interactions/read.ts'
import { searchType } from '../interactions/search-type.ts'
import { update } from '../interactions/update.ts'
import { vread } from '../interactions/vread.ts'
import { capabilities } from './capability-statement.ts'
import { FORM_TYPES, JSON_TYPES } from './media-type.ts'

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
  { interaction: 'update',           method: 'PUT',    path: '[type]/[id]', body: JSON_TYPES, handle: update, capabilities: { updateCreate: true } },
  { interaction: 'delete',           method: 'DELETE', path: '[type]/[id]', handle: deleteResource },
  { interaction: 'history-instance', method: 'GET',    path: '[type]/[id]/_history', handle: historyInstance },
  { interaction: 'create',           method: 'POST',   path: '[type]', body: JSON_TYPES, handle: create, capabilities: { conditionalCreate: true } },
  { interaction: 'search-type',      method: 'GET',    path: '[type]', handle: searchType },
  { interaction: 'search-type',      method: 'POST',   path: '[type]/_search', body: FORM_TYPES, handle: searchType },
  { interaction: 'capabilities',     method: 'GET',    path: 'metadata', handle: capabilities(() => routes) },
  { interaction: 'transaction',      method: 'POST',   path: '', body: JSON_TYPES, handle: bundle },
  { interaction: 'batch',            method: 'POST',   path: '', body: JSON_TYPES, handle: bundle },
]
