import type { Communication, Task } from 'fhir/r4'
import type { Careloop } from '../careloop.ts'
import { idIn } from '../fhir.ts'
import { CARE_TASK_TYPE, hasCode } from '../pathways/codes.ts'
import { openTaskStatuses } from '../resources/task.ts'
import { RESOLVE_IDENTITY } from './codes.ts'
import { rawMessageIn } from './receipt.ts'

/**
 * Takes up again the messages that waited for a Task that asked whom they are about, oldest first. Running it again finds nothing left to do.
 * @param taskReference `Task/id`: of any Task; others than those, and open ones, are left alone
 * @returns the outcome for the log. @throws what kept a message from being applied, after all others have been tried: it stays parked
 */
export const resolveIdentity = async (careloop: Careloop, taskReference: string): Promise<string> => {
  const { store, search } = careloop
  const version = await store.read('Task', idIn(taskReference))
  if (!version || version.deleted) return 'gone'
  const { code, status } = version.content as unknown as Task
  if (!hasCode(code, CARE_TASK_TYPE, RESOLVE_IDENTITY)) return 'no-question'
  if (openTaskStatuses.includes(status)) return 'open'
  const found = await search.all('Communication', `part-of=${encodeURIComponent(taskReference)}&status=on-hold`)
  const parked = found
    .map((each) => each.content as unknown as Communication)
    .sort((a, b) => ((a.sent ?? '') < (b.sent ?? '') ? -1 : 1))
  // Few Tasks ask this: others need not pay for what reads messages.
  const [{ readMessage }, { applyNotification }] = await Promise.all([
    import('./read-message.ts'),
    import('./apply-notification.ts'),
  ])
  const failures: unknown[] = []
  for (const receipt of parked) {
    const raw = rawMessageIn(receipt)
    if (!raw) continue
    try {
      const notification = await readMessage(careloop, raw, receipt.received ?? receipt.meta!.lastUpdated!)
      await applyNotification(careloop, notification, raw, { replayed: true })
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length) throw failures[0]
  return parked.length ? 'replayed' : 'unchanged'
}
