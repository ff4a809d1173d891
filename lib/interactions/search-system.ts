import type { Interaction } from './interaction.ts'
import { searchBundle } from './search-bundle.ts'

/** Of all types, or of those that `_type` names. https://hl7.org/fhir/R4/http.html#search */
export const searchSystem: Interaction = async ({ search }, { query, prefer, baseUrl }) =>
  searchBundle(await search.page({ parameters: query, handling: prefer.handling, baseUrl }), { baseUrl, path: '' })
