import type { AuditEvent } from 'fhir/r4'
import type { Promises } from '../simulate/promises.ts'
import type { Journal } from './journal.ts'
import { liveIn, type Stored } from './stored.ts'

/** Looks whether whatever was answered is on record; a transaction as a whole. */
export const checkAudit = (journal: Journal, stored: Stored, promises: Promises): void => {
  const recorded = promises.check('Every acknowledged write is on record')
  const events = liveIn<AuditEvent>(stored, 'AuditEvent')
  const references = new Set(events.flatMap(({ entity = [] }) => entity.map(({ what }) => what?.reference)))
  for (const { mark, kind, size, named, outcome } of journal.deeds)
    if (outcome === 'acknowledged' && size === 1)
      for (const { reference, version } of named)
        recorded(
          `${kind} ${mark}: ${reference}`,
          references.has(reference) || references.has(`${reference}/_history/${version}`),
        )
}
