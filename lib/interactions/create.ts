import { commitWrite } from './commit-writes.ts'
import { parseCriteria } from './criteria.ts'
import { decideOnMatch } from './decide-on-match.ts'
import type { Interaction } from './interaction.ts'
import { requireValid, submittedResource } from './resource-body.ts'

/** https://hl7.org/fhir/R4/http.html#create and #ccreate */
export const create: Interaction = async (careloop, request) => {
  const { type, body, baseUrl } = request
  const { ifNoneExist } = request.conditions
  const resource = submittedResource(type, body, baseUrl)
  const criteria = ifNoneExist === undefined ? undefined : parseCriteria(type, ifNoneExist, baseUrl)
  await requireValid(careloop, resource)
  const write = { type, id: careloop.ids.next(), resource, method: 'POST' } as const
  if (!criteria) return { status: 201, located: true, ...(await commitWrite(careloop, request, write)) }
  return decideOnMatch(careloop, criteria, async (match, claim) =>
    match
      ? { status: 200, version: match, located: true }
      : { status: 201, located: true, ...(await commitWrite(careloop, request, { ...write, claim })) },
  )
}
