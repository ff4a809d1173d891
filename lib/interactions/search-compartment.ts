import type { Interaction } from './interaction.ts'
import { searchBundle } from './search-bundle.ts'

/** Of one type or, where the URL names none, of all types in a patient's compartment. https://hl7.org/fhir/R4/http.html#search */
export const searchCompartment: Interaction = async ({ search }, { type, id, query, prefer, baseUrl }) => {
  const scope = { ...(type && { type }), patient: id }
  const page = await search.page({ ...scope, parameters: query, handling: prefer.handling, baseUrl })
  return searchBundle(page, { baseUrl, path: `Patient/${id}/${type || '*'}` })
}
