import type { Provenance } from 'fhir/r4'
import type { Write } from '../../lib/store/plan-write.ts'

const withoutVersion = (reference: string | undefined) => reference?.replace(/\/_history\/\d+$/, '')

/** Records are no changes of anything, and need no record of their own; a receipt of a message is the record that it came. */
const RECORDS = ['Provenance', 'AuditEvent', 'Communication']

/** @throws Error when automation commits a change that no Provenance of the same commit names, with the rule's record of who, when and why */
export const requireProvenance = (writes: readonly Write[], by: string): void => {
  const records = writes.flatMap(({ type, resource }) =>
    type === 'Provenance' ? [resource as unknown as Provenance] : [],
  )
  const targets = new Set(records.flatMap(({ target }) => target.map(({ reference }) => withoutVersion(reference))))
  const silent = writes.filter(({ type, id }) => !RECORDS.includes(type) && !targets.has(`${type}/${id}`))
  if (silent.length)
    throw new Error(`${by} changes ${silent.map(({ type, id }) => `${type}/${id}`).join(', ')} without a Provenance`)
  // What only the settings call for, a pool that is not there yet, has no rule and no trigger.
  for (const { id, agent, recorded, reason, policy, entity } of records)
    if (!agent.length || !recorded || (entity?.length && !(reason?.length || policy?.length)))
      throw new Error(`${by} writes Provenance/${id} that does not say by which rule`)
}
