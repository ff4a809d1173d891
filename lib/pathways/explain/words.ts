import automationReasons from '../../../fhir-profiles/code-systems/automation-reason.json' with { type: 'json' }
import businessStatuses from '../../../fhir-profiles/code-systems/task-business-status.json' with { type: 'json' }
import clockSteps from '../../../fhir-profiles/code-systems/task-clock-step.json' with { type: 'json' }
import { dateTimeIn } from '../date-time.ts'
import type { Delay } from '../window.ts'
import type {
  ExplainedChange,
  ExplainedCondition,
  ExplainedRecurrence,
  ExplainedRule,
  ExplainedRung,
  ExplainedState,
  ExplainedWindow,
  Explanation,
} from './explanation.ts'

type Concepts = { concept: readonly { code: string; definition: string }[] }

/** What a code means, or the code itself where it is not one of ours. */
const meaning = ({ concept }: Concepts, code: string): string =>
  concept.find((each) => each.code === code)?.definition ?? `${code}.`

const PHASES: Readonly<Record<string, string>> = {
  'encounter-admitted': 'a hospital stay begins',
  'encounter-discharged': 'a hospital stay ends',
  'ed-visit-started': 'an emergency visit begins',
  'ed-visit-ended': 'an emergency visit ends',
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`

const delayWords = (delay: Delay): string => {
  if (!('days' in delay)) return `${counted(delay.hours, delay.unit.replace('-', ' '))} after it`
  const day = delay.countAnchorDay
    ? 'what is done on the day itself is in time'
    : 'what is done on the day itself does not count'
  return `${counted(delay.days, delay.unit.replace('-', ' '))} after its day, until the last second; ${day}`
}

const UNITS: Readonly<Record<string, string>> = {
  min: 'minute',
  h: 'hour',
  d: 'day',
  wk: 'week',
  mo: 'month',
  a: 'year',
}

const recurrenceWords = ({ sequence, timing: { repeat = {} }, anchor }: ExplainedRecurrence): string => {
  const { frequency = 1, period = 1, periodUnit = 'd', dayOfWeek = [], timeOfDay = [], count } = repeat
  const times = frequency > 1 ? `${counted(frequency, 'time')} in ` : ''
  const often = `${times}every ${period === 1 ? UNITS[periodUnit] : counted(period, UNITS[periodUnit]!)}`
  const on = dayOfWeek.length ? ` on ${dayOfWeek.join(', ')}` : ''
  const at = timeOfDay.length ? ` at ${timeOfDay.map((time) => time.slice(0, 5)).join(', ')}` : ''
  const from = anchor === 'floating' ? 'the close of the former one' : 'the same moment'
  return `It recurs ${often}${on}${at}${count ? `, ${counted(count, 'time')} at most` : ''}, each time counted from ${from}; this is number ${sequence}.`
}

const conditionLine = ({ of, description, expression, holds }: ExplainedCondition): string => {
  const now =
    holds === undefined ? 'whether it holds now cannot be told' : holds ? 'holds now' : 'does not hold any more'
  return `- of the ${of}: ${description ?? expression} (${now})`
}

const ruleLines = (rule: ExplainedRule): string[] => {
  const { title, canonical, source, step, phase, recurrence, conditions, stops, inputs, after, noLaterThan, oneOf } =
    rule
  if (!phase)
    return [
      `Made by the rule ${canonical}. That version is not kept here, or is for other software: no more can be said of it.`,
    ]
  return [
    `Made by the rule "${title}", ${canonical}${source ? `, kept as ${source}` : ''}.`,
    ...(step ? [`Its step "${step.title}" (${step.id}).`] : []),
    ...(recurrence ? [recurrenceWords(recurrence)] : []),
    `The rule is for when ${PHASES[phase] ?? phase}.`,
    ...(conditions.length
      ? ['It asked for this because these conditions held:', ...conditions.map(conditionLine)]
      : []),
    ...(oneOf ? [`It is the first of the alternatives ${oneOf} that applied.`] : []),
    ...(after ? [`It follows the step ${after}: it is asked for when that is done.`] : []),
    ...(inputs.length
      ? [`The rule looks at the patient's ${[...new Set(inputs.map(({ type }) => type))].sort().join(', ')}.`]
      : []),
    ...(noLaterThan.length ? [`It is due no later than ${noLaterThan.join(', ')}.`] : []),
    ...(stops.length
      ? ['It is withdrawn when one of these is so:', ...stops.map((code) => `- ${meaning(automationReasons, code)}`)]
      : []),
  ]
}

const windowLines = (window: ExplainedWindow): string[] => {
  const { anchor, timeZone, start, due, delay, counted: by, complianceEnd, calendar, holidays } = window
  return [
    `Due ${due}, in the time zone ${timeZone}.${by ? ` The rule had counted ${by}; somebody has agreed on another date.` : ''}`,
    ...(anchor ? [`Counted from ${anchor}${delay ? `: ${delayWords(delay)}` : ''}.`] : []),
    ...(start ? [`What is done from ${start} on counts.`] : []),
    ...(complianceEnd ? [`What counts for the programme ends ${complianceEnd}.`] : []),
    ...(calendar
      ? [
          `Calendar of business days: ${calendar}.${holidays.length ? ` Left out as holidays: ${holidays.join(', ')}.` : ''}`,
        ]
      : []),
  ]
}

const rungLine = ({ step, at, passed }: ExplainedRung, timeZone: string): string =>
  `- ${dateTimeIn(at, timeZone)} ${step}${passed ? ' (past)' : ''}: ${meaning(clockSteps, step)}`

const ACTIVITIES: Readonly<Record<string, string>> = { CREATE: 'created', UPDATE: 'changed', DELETE: 'deleted' }

const changeLine = ({ at, activity, reasons, because, by }: ExplainedChange): string => {
  const why = reasons.map((code) => meaning(automationReasons, code)).join(' ')
  const on = because.length ? ` Decided on ${because.join(', ')}.` : ''
  return `- ${at} ${ACTIVITIES[activity ?? ''] ?? 'looked at'} by ${by.join(', ')}.${why && ` ${why}`}${on}`
}

const stateLines = (state: ExplainedState): string[] => {
  const { status, businessStatus, reasons, isOpen, isOverdue, ended, evidence } = state
  return [
    `It is ${status}${isOverdue ? ', and its due date has passed' : ''}.`,
    ...(businessStatus ? [meaning(businessStatuses, businessStatus)] : []),
    ...reasons.map((code) => meaning(automationReasons, code)),
    ...(ended && !isOpen ? [`It ended ${ended}.`] : []),
    ...(evidence.length ? [`Shown by ${evidence.join(', ')}.`] : []),
  ]
}

/** The record of its creation, which may be that of something else that it was part of. */
const recordOfCreation = ({ created, changes }: Explanation): ExplainedChange | undefined =>
  changes.find(({ activity }) => activity === 'CREATE') ?? changes.find(({ at }) => at === created.at)

const originLines = (explanation: Explanation): string[] => {
  const { rule, trigger, created } = explanation
  if (rule) return [...ruleLines(rule), ...(trigger ? [`It was started by ${trigger}.`] : [])]
  const record = recordOfCreation(explanation)
  const who = record?.by.join(', ') ?? created.requester
  const why = record?.reasons.map((code) => meaning(automationReasons, code)).join(' ')
  return [
    'No rule asked for it.',
    who
      ? `It was created ${created.at} by ${who}.${why ? ` ${why}` : ''}`
      : `It was created ${created.at}; nobody left a record of who did it.`,
  ]
}

/** An explanation for people to read, in plain text. Names no patient. */
export const wordsOf = (explanation: Explanation): string => {
  const { task, window, rungs, changes, state } = explanation
  return [
    [task, ...originLines(explanation)],
    window ? windowLines(window) : ['It has no due date.'],
    window && rungs.length
      ? ['Its clock, as long as it is open:', ...rungs.map((rung) => rungLine(rung, window.timeZone))]
      : [],
    changes.length ? ['What is on record of it:', ...changes.map(changeLine)] : [],
    stateLines(state),
  ]
    .filter((lines) => lines.length)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}
