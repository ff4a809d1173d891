import type { Careloop } from '../../careloop.ts'
import { auditEventsOf } from './audit-event.ts'
import type { Happening } from './happening.ts'

/** Puts what happened, at this moment, on record; nothing where the service keeps none. @throws AuditFailed */
export const putOnRecord = async (
  { audit, clock }: Pick<Careloop, 'audit' | 'clock'>,
  happening: Omit<Happening, 'at'>,
): Promise<void> => {
  if (!audit) return
  const events = auditEventsOf({ ...happening, at: clock.now() })
  await Promise.all(events.map((event) => audit.record(event)))
}
