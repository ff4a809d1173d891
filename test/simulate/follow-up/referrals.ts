import type { Consent, Organization, Practitioner, ServiceRequest, Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { isOpen } from '../../../lib/pathways/due.ts'
import { type Note, referenceOf } from '../promises.ts'
import type { Random } from '../random.ts'
import { createRandom } from '../random.ts'
import { CARE_MANAGERS } from '../resources.ts'
import { DAY_MINUTES, type Ending, type Stage, type Story, someTime } from './story.ts'

const OUTSIDE_PARTY = 'https://careloop.dev/fhir/StructureDefinition/outside-party'
const TASK_REPLACES = 'https://careloop.dev/fhir/StructureDefinition/task-replaces'
const REFERRAL_REASON = 'https://careloop.dev/fhir/CodeSystem/referral-reason'
const FULFILL = { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'fulfill' }] }

/** Who can be asked; of the first two only with the patient's consent. */
const AGENCIES = ['food-bank', 'shelter', 'transport', 'day-care'] as const
const OUTSIDE = ['food-bank', 'shelter']
const organization = (id: string): string => `Organization/${id}`
const isOutside = (reference: string | undefined): boolean => OUTSIDE.some((id) => organization(id) === reference)

const CHANCE = { referred: 0.3, again: 0.3, consent: 0.6, withdrawn: 0.15, late: 0.5 }
/** What an agency does about what it is asked. */
const HABITS = ['helps', 'helps', 'helps', 'is full', 'declines', 'fails', 'forgets', 'never answers'] as const
/** Where others may be told of the patient. */
const SENT: readonly Task['status'][] = ['requested', 'received', 'accepted', 'in-progress']
const ASKED: readonly Task['status'][] = ['requested', 'received']

/** A request as its requester knows it. */
interface Referral {
  id: string
  patientId: string
}

const agencyOf = (id: string): Organization => ({
  resourceType: 'Organization',
  id,
  name: `The ${id}`,
  ...(OUTSIDE.includes(id) && { extension: [{ url: OUTSIDE_PARTY, valueBoolean: true }] }),
})

const consentOf = (patientId: string, agency: string, status: Consent['status']): Consent => ({
  resourceType: 'Consent',
  id: `consent-${patientId}-${agency}`,
  status,
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IDSCL' }] }],
  patient: { reference: `Patient/${patientId}` },
  organization: [{ reference: organization(agency) }],
  policyRule: { text: 'Signed form' },
})

const numberOf = (id: string): number =>
  [...id].reduce((number, character) => (Math.imul(number, 31) + character.charCodeAt(0)) & 0x7fffffff, 7)

const replacedBy = (task: Task, others: readonly Task[]): Task | undefined =>
  others.find(({ extension = [] }) =>
    extension.some(
      ({ url, valueReference }) => url === TASK_REPLACES && valueReference?.reference === referenceOf(task),
    ),
  )

/** Referrals to agencies that help, are full, decline, forget or never answer; with consents that come late or are withdrawn. */
export const createReferrals = async (stage: Stage): Promise<Story> => {
  const referrals: Referral[] = []
  const permitted = new Set<string>()
  const { tenant, agenda, tell } = stage
  for (const id of AGENCIES) await tell(agencyOf(id))
  for (const reference of CARE_MANAGERS)
    await tell({ resourceType: 'Practitioner', id: reference.split('/')[1]! } satisfies Practitioner)

  const decideConsent = (at: Temporal.Instant, patientId: string, agency: string, given: boolean): void =>
    agenda.put(at, async () => {
      const key = `${patientId} ${organization(agency)}`
      if (given) permitted.add(key)
      else permitted.delete(key)
      await tell(consentOf(patientId, agency, given ? 'active' : 'inactive'))
    })

  const begin = (random: Random, patientId: string): void => {
    let at = someTime(random, stage)
    for (const agency of OUTSIDE) {
      if (!random.chance(CHANCE.consent)) continue
      const given = random.chance(CHANCE.late) ? at.add({ minutes: random.between(10, 9 * DAY_MINUTES) }) : stage.from
      decideConsent(given, patientId, agency, true)
      if (random.chance(CHANCE.withdrawn))
        decideConsent(given.add({ minutes: random.between(10, 20 * DAY_MINUTES) }), patientId, agency, false)
    }
    for (let n = 1; random.chance(n === 1 ? CHANCE.referred : CHANCE.again); n += 1) {
      const referral: Referral = { id: `sr-${patientId}-${n}`, patientId }
      const agencies = random.shuffled(AGENCIES).slice(0, random.between(1, 3))
      const requester = { reference: random.pick(CARE_MANAGERS) }
      const priority = random.pick(['routine', 'routine', 'urgent', 'stat'] as const)
      const sentAt = at
      agenda.put(sentAt, async () => {
        referrals.push(referral)
        const subject = { reference: `Patient/${patientId}` }
        const request: ServiceRequest = {
          resourceType: 'ServiceRequest',
          id: referral.id,
          status: 'active',
          intent: 'order',
          subject,
          requester,
          performer: agencies.map((id) => ({ reference: organization(id) })),
        }
        const task: Task = {
          resourceType: 'Task',
          id: `ask-${referral.id}`,
          status: 'requested',
          intent: 'order',
          priority,
          code: FULFILL,
          focus: { reference: referenceOf(request) },
          for: subject,
          authoredOn: sentAt.toString(),
          requester,
          owner: request.performer![0]!,
        }
        await tell(request)
        await tell(task)
      })
      at = at.add({ minutes: random.between(DAY_MINUTES, 15 * DAY_MINUTES) })
    }
  }

  /** An agency looks at what it was asked, as it is at that moment; what it may not see it does nothing about. */
  const answer = async (id: string, from: readonly Task['status'][], elements: Partial<Task>): Promise<void> => {
    const task = await tenant.read<Task>(`Task/${id}`)
    if (!from.includes(task.status)) return
    const answered: Task = { ...task, ...elements, lastModified: tenant.now }
    await tell(answered)
  }

  const hear = ({ id, code }: Task): void => {
    if (code?.coding?.[0]?.code !== 'fulfill') return
    const random = createRandom(numberOf(id!))
    const habit = random.pick(HABITS)
    if (habit === 'never answers') return
    const rejection = {
      coding: [{ system: REFERRAL_REASON, code: habit === 'is full' ? 'at-capacity' : 'not-eligible' }],
      text: 'Not now.',
    }
    let at = Temporal.Instant.from(tenant.now)
    const then = (most: number, from: readonly Task['status'][], elements: Partial<Task>): void => {
      at = at.add({ minutes: random.between(10, most) })
      agenda.put(at, () => answer(id!, from, elements))
    }
    if (habit === 'is full' || habit === 'declines') {
      then(5 * DAY_MINUTES, ASKED, { status: 'rejected', statusReason: rejection })
      return
    }
    then(4 * DAY_MINUTES, ASKED, { status: 'accepted' })
    if (habit === 'forgets') return
    then(6 * DAY_MINUTES, ['accepted'], { status: 'in-progress' })
    if (habit === 'fails')
      then(20 * DAY_MINUTES, ['in-progress'], { status: 'failed', statusReason: { text: 'The client moved away.' } })
    else then(20 * DAY_MINUTES, ['in-progress'], { status: 'completed' })
  }

  /** Whether what people are to do about a Task is there, for the state it is in. */
  const checkTask = (task: Task, all: readonly Task[], steps: readonly Task[], kept: Note): void => {
    const isThere = (code: string, focus = referenceOf(task)): boolean =>
      steps.some((step) => step.focus?.reference === focus && step.code?.coding?.[0]?.code === code)
    const holds = (): boolean => {
      if (task.status === 'draft' || task.status === 'on-hold') return isThere('obtain-consent')
      if (ASKED.includes(task.status)) return isThere('acknowledge-referral')
      if (task.status === 'accepted' || task.status === 'in-progress') return isThere('referral-outcome')
      if (task.status === 'rejected')
        return replacedBy(task, all) !== undefined || isThere('choose-referral-target', task.focus?.reference)
      return isThere('review-referral')
    }
    kept(referenceOf(task), holds())
  }

  return {
    begin,
    hear,
    async check({ tasks, dead, promises }: Ending): Promise<void> {
      const told = promises.check('No outside party is asked without the consent of the patient')
      const kept = promises.check('Whatever an agency does, or does not do, is somebody’s work at the source')
      const once = promises.check('No agency is asked twice for one referral')
      const closed = promises.check('The request of a completed and reviewed referral is completed; no other is')

      const requests = await tenant.all<ServiceRequest>('ServiceRequest', '', Number.POSITIVE_INFINITY)
      const statusOf = new Map(requests.map((request) => [referenceOf(request), request.status]))
      const asked = Map.groupBy(
        tasks.filter(({ code }) => code?.coding?.[0]?.code === 'fulfill'),
        ({ focus }) => focus?.reference,
      )
      const steps = Map.groupBy(tasks, ({ basedOn = [] }) => basedOn[0]?.reference)
      for (const { id, patientId } of referrals) {
        const reference = `ServiceRequest/${id}`
        const all = asked.get(reference) ?? []
        const about = steps.get(reference) ?? []
        const owners = all.map(({ owner }) => owner?.reference)
        once(reference, new Set(owners).size === owners.length && all.length > 0)
        for (const task of all) {
          const { reference: owner } = task.owner ?? {}
          if (isOutside(owner))
            told(referenceOf(task), !SENT.includes(task.status) || permitted.has(`${patientId} ${owner}`))
          if (!dead.has(patientId)) checkTask(task, all, about, kept)
        }
        const isReviewed = all.some(
          (task) =>
            task.status === 'completed' &&
            about.some(
              (step) =>
                step.focus?.reference === referenceOf(task) &&
                step.code?.coding?.[0]?.code === 'review-referral' &&
                step.status === 'completed',
            ),
        )
        if (!dead.has(patientId)) closed(reference, (statusOf.get(reference) === 'completed') === isReviewed)
      }
      const overdue = promises.check('No step of a referral stays open once its end has come')
      for (const { id } of referrals)
        for (const task of asked.get(`ServiceRequest/${id}`) ?? []) {
          const over = ['completed', 'failed'].includes(task.status)
          const left = (steps.get(`ServiceRequest/${id}`) ?? []).filter(
            (step) => step.focus?.reference === referenceOf(task) && isOpen(step),
          )
          if (over)
            overdue(
              referenceOf(task),
              left.every((step) => step.code?.coding?.[0]?.code === 'review-referral'),
            )
        }
    },
    told: () => [['referrals', referrals.length]],
  }
}
