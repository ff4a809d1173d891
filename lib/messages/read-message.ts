import type { Bundle } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import type { Instant } from '../fhir.ts'
import { parseJson } from '../json.ts'
import { adtNotification } from './adt-notification.ts'
import type { Notification, RawMessage } from './notification.ts'
import { parseHl7 } from './read-adt.ts'
import { readFhirMessage } from './read-fhir-message.ts'

/** A message that was kept as it came, read again. */
export const readMessage = (
  careloop: Careloop,
  { contentType, text }: RawMessage,
  received: Instant,
): Promise<Notification> | Notification =>
  contentType === 'application/hl7-v2'
    ? adtNotification(careloop, parseHl7(text), received)
    : readFhirMessage(parseJson(text) as Bundle, received)
