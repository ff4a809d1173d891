import type { Observation, QuestionnaireResponse, QuestionnaireResponseItem, Task } from 'fhir/r4'
import type { Temporal } from 'temporal-polyfill'
import { isOpen } from '../../../lib/pathways/due.ts'
import { referenceOf } from '../promises.ts'
import type { Random } from '../random.ts'
import { DAY_MINUTES, type Ending, type Stage, type Story, someTime } from './story.ts'

const TOTAL = '44261-6'
const ITEMS = ['44250-9', '44255-8', '44259-0', '44254-1', '44251-7', '44258-2', '44252-5', '44253-3', '44260-8']
/** The last: thoughts of being better off dead. */
const ITEM_9 = ITEMS.length - 1
const POSITIVE_FROM = 10
const WITHIN_MS = 3_600_000

const CHANCE = { screened: 0.4, again: 0.4, item9: 0.15, missing: 0.15, miscounted: 0.1, repeated: 0.2 }

/** A PHQ-9 as the patient filled it in. */
interface Screening {
  id: string
  patientId: string
  at: Temporal.Instant
  /** weights by item; undefined: not answered */
  answers: readonly (number | undefined)[]
  /** the total that the form says, where somebody counted it */
  claimed?: number
}

const sumOf = ({ answers }: Screening): number | undefined =>
  answers.includes(undefined) ? undefined : answers.reduce<number>((sum, answer) => sum + answer!, 0)

const asksForHelp = ({ answers }: Screening): boolean => (answers[ITEM_9] ?? 0) > 0

const responseOf = (screening: Screening): QuestionnaireResponse => {
  const { id, patientId, at, answers, claimed } = screening
  const items: QuestionnaireResponseItem[] = answers.flatMap((answer, index) =>
    answer === undefined ? [] : [{ linkId: `/${ITEMS[index]}`, answer: [{ valueInteger: answer }] }],
  )
  if (claimed !== undefined) items.push({ linkId: `/${TOTAL}`, answer: [{ valueInteger: claimed }] })
  return {
    resourceType: 'QuestionnaireResponse',
    id,
    questionnaire: 'https://careloop.dev/fhir/Questionnaire/phq-9',
    status: 'completed',
    subject: { reference: `Patient/${patientId}` },
    authored: at.toString(),
    item: items,
  }
}

const answered = (random: Random): (number | undefined)[] => {
  const heaviest = random.between(0, 3)
  const answers: (number | undefined)[] = ITEMS.map(() => random.between(0, heaviest))
  answers[ITEM_9] = random.chance(CHANCE.item9) ? random.between(1, 3) : 0
  if (random.chance(CHANCE.missing)) answers[random.between(0, ITEM_9 - 1)] = undefined
  return answers
}

const has = ({ code }: { code?: Observation['code'] }, wanted: string): boolean =>
  code?.coding?.some((coding) => coding.code === wanted) ?? false

/** PHQ-9 forms: complete and not, counted rightly and wrongly, sent twice, some with a cry for help in a low total. */
export const createScreenings = (stage: Stage): Story => {
  const screenings: Screening[] = []

  const announce = (random: Random, screening: Screening): void => {
    const send = () => stage.tell(responseOf(screening))
    stage.agenda.put(screening.at, async () => {
      screenings.push(screening)
      await send()
    })
    if (random.chance(CHANCE.repeated)) stage.agenda.put(screening.at.add({ minutes: random.between(1, 300) }), send)
  }

  const begin = (random: Random, patientId: string): void => {
    let at = someTime(random, stage)
    for (let n = 1; random.chance(n === 1 ? CHANCE.screened : CHANCE.again); n += 1) {
      const screening: Screening = { id: `phq9-${patientId}-${n}`, patientId, at, answers: answered(random) }
      const sum = sumOf(screening)
      if (sum !== undefined && random.chance(CHANCE.miscounted)) screening.claimed = sum + random.pick([-1, 1, 10])
      announce(random, screening)
      at = at.add({ minutes: random.between(DAY_MINUTES, 20 * DAY_MINUTES) })
    }
  }

  return {
    begin,
    async check({ tenant, tasks, dead, promises }: Ending): Promise<void> {
      const observations = await tenant.all<Observation>('Observation', '', Number.POSITIVE_INFINITY)
      const scored = promises.check(
        'A complete screening has the total its answers add up to; an incomplete one has none',
      )
      const heard = promises.check('Whoever says that they would be better off dead has a stat Task within the hour')
      const followed = promises.check('Every positive screening is followed up')
      const disputed = promises.check('A total that is not what the answers add up to is put before people')
      const one = promises.check('Nobody has two open Tasks of one kind from screenings')

      const ofResponse = Map.groupBy(observations, ({ derivedFrom = [] }) => derivedFrom[0]?.reference ?? '')
      const about = new Map<string, Task[]>()
      for (const task of tasks)
        for (const { valueReference } of task.input ?? [])
          if (valueReference?.reference)
            about.set(valueReference.reference, [...(about.get(valueReference.reference) ?? []), task])
      const tasksAbout = (observation: Observation | undefined, code: string): Task[] =>
        (observation && about.get(referenceOf(observation))?.filter((task) => has(task, code))) || []

      for (const screening of screenings) {
        const reference = `QuestionnaireResponse/${screening.id}`
        const results = ofResponse.get(reference) ?? []
        const totals = results.filter((each) => has(each, TOTAL))
        const sum = sumOf(screening)
        scored(
          reference,
          sum === undefined
            ? totals.length === 0
            : totals.length === 1 && totals[0]!.status === 'final' && totals[0]!.valueQuantity?.value === sum,
        )
        // Nobody follows up on the dead.
        if (dead.has(screening.patientId)) continue
        if (asksForHelp(screening)) {
          const item = results.find((each) => has(each, ITEMS[ITEM_9]!))
          const made = tasksAbout(item, 'suicide-risk-assessment')
          const isSoon = ({ restriction }: Task) =>
            Date.parse(restriction!.period!.end!) <= screening.at.epochMilliseconds + WITHIN_MS
          heard(
            reference,
            made.some((task) => task.priority === 'stat' && isSoon(task)),
          )
        }
        if ((sum ?? 0) >= POSITIVE_FROM) followed(reference, tasksAbout(totals[0], 'depression-follow-up').length > 0)
        if (screening.claimed !== undefined)
          disputed(reference, tasksAbout(totals[0], 'review-screening-score').length > 0)
      }

      const patients = new Set(screenings.map(({ patientId }) => patientId))
      const KINDS = ['suicide-risk-assessment', 'depression-follow-up', 'behavioral-health-referral']
      const open = Map.groupBy(
        tasks.filter((task) => isOpen(task) && KINDS.some((kind) => has(task, kind))),
        (task) => `${task.for?.reference} ${task.instantiatesUri}`,
      )
      for (const patientId of patients)
        one(
          `Patient/${patientId}`,
          [...open].every(([key, all]) => !key.startsWith(`Patient/${patientId} `) || all.length === 1),
        )
    },
    told: () => [
      ['screenings', screenings.length],
      ['of them incomplete', screenings.filter((each) => sumOf(each) === undefined).length],
      ['miscounted', screenings.filter(({ claimed }) => claimed !== undefined).length],
      ['with a cry for help', screenings.filter(asksForHelp).length],
    ],
  }
}
