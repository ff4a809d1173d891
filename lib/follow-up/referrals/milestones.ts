import type { Task } from 'fhir/r4'
import { instantOf } from '../../clock.ts'
import type { Instant } from '../../fhir.ts'
import { isOpen } from '../../pathways/due.ts'

/** When a referral came how far. */
export interface Milestones {
  /** when it was last sent off, that is left draft */
  sent?: Instant
  /** when those asked first said anything of it */
  answered?: Instant
  /** when work on it began */
  begun?: Instant
  /** when it reached a final status */
  ended?: Instant
}

type Status = Task['status']

const NOT_SENT: readonly Status[] = ['draft', 'entered-in-error']
const UNANSWERED: readonly Status[] = ['requested', 'cancelled']

const instantIn = (dateTime: string | undefined): Instant | undefined => {
  const at = dateTime?.includes('T') ? Date.parse(dateTime) : Number.NaN
  return Number.isFinite(at) ? instantOf(at) : undefined
}

/** When a version was written; of the first one, when it says it was authored, if that is before. */
const writtenAt = ({ meta, authoredOn }: Task, isFirst: boolean): Instant => {
  const written = meta!.lastUpdated!
  const authored = isFirst ? instantIn(authoredOn) : undefined
  return authored && authored < written ? authored : written
}

/**
 * The milestones that the versions of a Task tell of, oldest first. A Task that was brought in when it was over was never sent by us. Pure.
 */
export const milestonesOf = (versions: readonly Task[]): Milestones => {
  const [first] = versions
  if (!first || !isOpen(first)) return {}
  const last = versions.findLastIndex(({ status }) => status === 'draft')
  const sentAt = versions.findIndex(({ status }, n) => n > last && !NOT_SENT.includes(status))
  if (sentAt < 0) return {}
  const course = versions.slice(sentAt)
  const { executionPeriod } = versions.at(-1)!
  const when = (holds: (task: Task) => boolean): Instant | undefined => {
    const found = course.find(holds)
    return found && writtenAt(found, found === first)
  }
  const begun = when(({ status }) => status === 'in-progress' || status === 'completed')
  const ended = isOpen(versions.at(-1)!) ? undefined : when((task) => !isOpen(task))
  const answered = when(({ status }) => !NOT_SENT.includes(status) && !UNANSWERED.includes(status))
  return {
    sent: writtenAt(course[0]!, sentAt === 0),
    ...(answered && { answered }),
    ...(begun && { begun: instantIn(executionPeriod?.start) ?? begun }),
    ...(ended && { ended: instantIn(executionPeriod?.end) ?? ended }),
  }
}
