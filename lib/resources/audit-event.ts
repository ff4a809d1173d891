import type { AuditEvent } from 'fhir/r4'
import type { Resource } from '../fhir.ts'
import type { Problem } from '../outcome.ts'
import { software } from '../pathways/codes.ts'
import { contentCheck } from './content-check.ts'
import type { ResourceDeclaration } from './declaration.ts'
import { published } from './published.ts'

const checkElements = contentCheck('AuditEvent')

/** What this service has seen itself is told from what others say they have: nobody may write in its name. */
const checkObserver = (resource: Resource): Problem[] => {
  const { system, value } = (resource as unknown as Partial<AuditEvent>).source?.observer?.identifier ?? {}
  if (system !== software.system || value !== software.value) return []
  return [
    {
      text: 'AuditEvent.source.observer must say who has seen it, and this service has not',
      expression: 'AuditEvent.source.observer',
    },
  ]
}

/** https://hl7.org/fhir/R4/auditevent.html */
export const auditEvent: ResourceDeclaration = {
  ...published('AuditEvent'),
  order: { parameter: 'date', point: true },
  appendOnly: true,
  async check(resource) {
    const problems = await checkElements(resource)
    return problems.length ? problems : checkObserver(resource)
  },
}
