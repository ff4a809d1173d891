import type { DeclaredParameters } from '../search/parameter.ts'

/** The search parameters every resource has. https://hl7.org/fhir/R4/search.html#all */
export const everyResource: DeclaredParameters = {
  _id: 'token id:id',
  _lastUpdated: 'date meta.lastUpdated:instant',
  _profile: 'uri meta.profile:canonical',
  _security: 'token meta.security:Coding',
  _source: 'uri meta.source:uri',
  _tag: 'token meta.tag:Coding',
}
