import type { AuditEvent } from 'fhir/r4'
import type { Resource } from '../../fhir.ts'
import type { Ids } from '../../ids.ts'
import { FhirError } from '../../outcome.ts'
import type { Store } from '../../store/store.ts'

/** Where what happened is put on record. What cannot be recorded must not look as if it had worked. */
export interface Audit {
  /** Resolves once it is kept for good. @throws AuditFailed */
  record(event: AuditEvent): Promise<void>
}

/** Something happened, or may have, and could not be put on record: whoever asked must not be answered as if all was well. */
export class AuditFailed extends FhirError {
  constructor(cause: unknown) {
    super('exception', [
      {
        text:
          'This could not be put on record, so it is not answered. What was asked for may have been done all the same: ' +
          'look before trying again.',
      },
    ])
    this.name = 'AuditFailed'
    this.cause = cause
  }
}

/** Keeps the record among the tenant's resources, as AuditEvents that nothing changes or deletes. */
export const createAudit = ({ store, ids }: { store: Store; ids: Ids }): Audit => ({
  async record(event) {
    try {
      const resource = event as unknown as Resource
      await store.write([{ type: event.resourceType, id: ids.next(), resource, method: 'POST' }])
    } catch (error) {
      throw new AuditFailed(error)
    }
  },
})
