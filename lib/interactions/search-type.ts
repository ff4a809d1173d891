import type { Interaction } from './interaction.ts'
import { searchBundle } from './search-bundle.ts'

/** https://hl7.org/fhir/R4/http.html#search */
export const searchType: Interaction = async ({ search }, { type, query, prefer, baseUrl }) =>
  searchBundle(await search.page({ type, parameters: query, handling: prefer.handling, baseUrl }), {
    baseUrl,
    path: type,
  })
