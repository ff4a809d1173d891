import type { Hl7Message } from '@medplum/core'
import type { Careloop } from '../careloop.ts'
import { asFhirError } from '../interactions/as-fhir-error.ts'
import type { Version } from '../store/version.ts'
import { accepted, acknowledge, refused } from './acknowledgement.ts'
import { adtNotification } from './adt-notification.ts'
import { applyNotification, type Outcome } from './apply-notification.ts'
import { parseHl7 } from './read-adt.ts'

export interface AdtAnswer {
  /** of HTTP: 200 for what is accepted */
  status: number
  /** the acknowledgement, in ER7 */
  text: string
  /** the name of an error that nobody expected */
  unexpected?: string
  /** what it has written, for the audit */
  seen?: readonly Version[]
  /** it was refused because of who asked */
  denied?: boolean
}

const WARNINGS: Readonly<Partial<Record<Outcome, { code: string; text: string }>>> = {
  duplicate: { code: '205', text: 'This message was received before; nothing was written.' },
  recorded: { code: '200', text: 'Nothing follows from an event of this kind; only its receipt is kept.' },
  parked: { code: '204', text: 'It cannot be told which patient this is about: it is kept until somebody says so.' },
  'not-ours': { code: '204', text: 'Somebody has said that this is about no patient of this service.' },
}

/** Takes one HL7 v2 message in ER7 and answers its acknowledgement; of what `read` or anything else throws too. Throws nothing. */
export const processAdt = async (
  careloop: Careloop,
  read: () => string | Promise<string>,
  requestId: string,
): Promise<AdtAnswer> => {
  let message: Hl7Message | undefined
  try {
    const text = await read()
    message = parseHl7(text)
    const notification = await adtNotification(careloop, message, careloop.clock.now())
    const { outcome, seen } = await applyNotification(careloop, notification, {
      contentType: 'application/hl7-v2',
      text,
    })
    return { status: 200, text: acknowledge(careloop, accepted(WARNINGS[outcome]), message), ...(seen && { seen }) }
  } catch (error) {
    const known = asFhirError(error, requestId)
    const unexpected = known.category === 'exception' && known !== error
    return {
      status: known.status,
      text: acknowledge(careloop, refused(known), message),
      ...(known.denied && { denied: true }),
      ...(unexpected && { unexpected: error instanceof Error ? error.name : typeof error }),
    }
  }
}
