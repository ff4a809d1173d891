import type { PlanDefinition } from 'fhir/r4'
import type { Step } from '../../lib/pathways/pathway.ts'
import { readPathway } from '../../lib/pathways/read-pathway.ts'
import type { Delay } from '../../lib/pathways/window.ts'
import { code, section, table } from './markdown.ts'

const delayText = (delay: Delay | undefined): string => {
  if (!delay) return ''
  if ('hours' in delay) return `${delay.hours} ${delay.unit === 'hour' ? 'hours' : 'business hours'}`
  const { days, unit, countAnchorDay, rollForward } = delay
  const counted = countAnchorDay ? ', the first day counts' : ''
  const rolled = rollForward === 'none' ? '' : `, moved on: ${rollForward}`
  return `${days} ${unit === 'business-day' ? 'business days' : 'days'}${counted}${rolled}`
}

const dueText = ({ offset, after, noLaterThan }: Step): string => {
  const own = after ? [delayText(after.offset), `after ${after.step}`].filter(Boolean).join(' ') : delayText(offset)
  const others = noLaterThan.length ? `no later than ${noLaterThan.join(', ')}` : ''
  return [own, others].filter(Boolean).join('; ')
}

const evidenceText = ({ evidence, unattended }: Step): string =>
  [
    ...(unattended ? ['nobody has to do it'] : []),
    ...evidence.map(({ count, type, result }) => `${count} ${type}${result === 'completed' ? '' : ` (${result})`}`),
  ].join('; ')

/** A pathway as the engine reads it. */
export const pathwayPage = (definition: PlanDefinition): string[] => {
  const { trigger, conditions, stops, steps, duration } = readPathway(definition)
  return [
    `Begins with: ${code(trigger)}. Goes on for ${delayText(duration)}.`,
    '',
    ...section('For whom', conditions.length ? [...conditions.map((one) => `- ${code(one)}`), ''] : []),
    ...section(
      'Steps',
      table(
        ['step', 'what', 'code', 'priority', 'due', 'shown by'],
        steps.map((step) => [
          step.id,
          step.title,
          code(step.code.coding?.[0]?.code),
          step.priority,
          dueText(step),
          evidenceText(step),
        ]),
      ),
    ),
    ...section(
      'Ends early',
      table(
        ['reason', 'when (FHIRPath)'],
        stops.map(({ reason, expression }) => [code(reason), code(expression)]),
      ),
    ),
  ]
}
