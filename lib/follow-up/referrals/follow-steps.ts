import type { Task } from 'fhir/r4'
import type { Instant } from '../../fhir.ts'
import { calendarOf } from '../../pathways/calendar.ts'
import type { AutomationReason } from '../../pathways/codes.ts'
import { type Owner, ownerFor } from '../../pathways/owner.ts'
import { taskTimeZone } from '../../pathways/task-time-zone.ts'
import { resourceOf } from '../../store/version.ts'
import { type ReferralStep, referralStepOf, stepCode } from '../codes.ts'
import { doneTask, followedStep } from '../follow-step.ts'
import { newTask, type Times, withWindow } from '../timed-task.ts'
import { type Act, asResource, requestOf, type Scene } from './scene.ts'
import { delayOf, referralSettings } from './settings.ts'
import { stepId, type WantedStep } from './steps.ts'

const DESCRIPTIONS: Readonly<Record<ReferralStep, string>> = {
  'obtain-consent':
    'Ask the client to consent to this organization being told. The referral is sent when a Consent is there.',
  'acknowledge-referral': 'The referral was sent. See to it that it is accepted or rejected.',
  'referral-first-contact': 'The referral was accepted. See to it that the client is contacted.',
  'referral-outcome': 'The referral was accepted. See to it that its outcome is told.',
  'review-referral':
    'The referral has come to an end. Look at its outcome and complete this Task: that closes the loop.',
  'choose-referral-target': 'Nobody that was asked can do it. Ask somebody else, or revoke the request.',
}

const REASONS: Readonly<Record<ReferralStep, AutomationReason>> = {
  'obtain-consent': 'consent-missing',
  'acknowledge-referral': 'referral-sent',
  'referral-first-contact': 'referral-answered',
  'referral-outcome': 'referral-answered',
  'review-referral': 'referral-ended',
  'choose-referral-target': 'no-candidate',
}

const DONE_REASONS: Readonly<Record<ReferralStep, AutomationReason>> = {
  'obtain-consent': 'consent-given',
  'acknowledge-referral': 'referral-answered',
  'referral-first-contact': 'referral-answered',
  'referral-outcome': 'referral-ended',
  'review-referral': 'referral-reviewed',
  'choose-referral-target': 'referral-sent',
}

/** Steps that are kept on record even when they were done before anybody could see to them. */
const RECORDED: readonly ReferralStep[] = ['acknowledge-referral', 'referral-first-contact', 'referral-outcome']

const KEEPER = /^(?:Practitioner|PractitionerRole|CareTeam|Organization)\//

/** Who keeps after a referral: whoever sent it. Whom else to ask is the care manager's to decide. */
const keeperOf = async ({ careloop, referral }: Scene, task: Task | undefined): Promise<Owner> => {
  const { request } = referral
  const requester = [task?.requester, request.requester].find((each) => KEEPER.test(each?.reference ?? ''))
  if (task && requester) return { reference: requester.reference! }
  const [type, id] = (request.subject.reference ?? '').split('/')
  const version = type === 'Patient' && id ? await careloop.store.read(type, id) : undefined
  return ownerFor(careloop, request.subject, version && !version.deleted ? resourceOf(version) : undefined)
}

const timesOf = async ({ careloop, now }: Scene, task: Pick<Task, 'encounter'>): Promise<Times> => ({
  calendar: calendarOf(careloop.tenant),
  timeZone: await taskTimeZone(careloop, task as Task),
  tenant: careloop.tenant,
  now,
})

const DAY_MS = 86_400_000

const isTooLate = ({ careloop, now }: Scene, from: Instant): boolean =>
  Date.parse(now) - Date.parse(from) > careloop.tenant.lateNoticeDays * DAY_MS

/** The step as it is to be: revised, created, or as it is. */
export const followStep = async (scene: Scene, wanted: WantedStep): Promise<Partial<Act>> => {
  const { referral, now, careloop } = scene
  const { id, step, state, from, priority, focus } = wanted
  const { request, asked, steps } = referral
  const original = asked.find(({ task }) => `Task/${task.id}` === focus)?.task
  const times = await timesOf(scene, original ?? request)
  const timed = (task: Task): Task =>
    withWindow(task, from, delayOf(step, priority, referralSettings(careloop.tenant)), times)

  const stored = steps.find(({ task }) => task.id === id)
  if (stored) {
    const after = followedStep(stored.task, state, timed, now)
    const reason = state.kind === 'withdrawn' ? state.reason : DONE_REASONS[step]
    return after === stored.task
      ? {}
      : {
          revised: [
            { base: stored.base, resource: asResource(after), reason: state.kind === 'open' ? REASONS[step] : reason },
          ],
        }
  }
  const isCalledFor = state.kind === 'open' || (state.kind === 'done' && RECORDED.includes(step))
  if (!isCalledFor || isTooLate(scene, from)) return {}
  const owner = await keeperOf(scene, original)
  const task = timed(
    newTask(
      {
        id,
        code: stepCode(step),
        focus: { reference: focus },
        basedOn: [{ reference: requestOf(referral) }],
        subject: original?.for ?? request.subject,
        ...((original?.encounter ?? request.encounter) && { encounter: original?.encounter ?? request.encounter! }),
        ...(priority && { priority }),
        description: DESCRIPTIONS[step],
        owner,
      },
      now,
    ),
  )
  const resource = asResource(state.kind === 'done' ? doneTask(task, state.at, state.evidence) : task)
  return { created: [{ resource, reason: REASONS[step] }], ...(owner.pool && { pools: [owner.pool] }) }
}

/** Steps whose Task is gone. */
export const orphans = ({ referral }: Scene, wanted: readonly WantedStep[]): WantedStep[] => {
  const known = new Set([...wanted.map(({ id }) => id), stepId(requestOf(referral), 'choose-referral-target')])
  const there = new Set(referral.asked.map(({ task }) => `Task/${task.id}`))
  return referral.steps
    .filter(({ task }) => !known.has(task.id!) && !there.has(task.focus?.reference ?? ''))
    .map(({ task }) => ({
      id: task.id!,
      step: referralStepOf(task)!,
      focus: task.focus?.reference ?? '',
      priority: task.priority,
      from: task.authoredOn!,
      state: { kind: 'withdrawn', reason: 'original-closed', text: 'The Task it is about is not there any more.' },
    }))
}
