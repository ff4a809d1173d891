import type { Extension } from 'fhir/r4'
import { BUSINESS_DAYS, BUSINESS_HOURS, ESCALATION } from '../../pathways/codes.ts'
import { type Ladder, readLadder } from '../../pathways/ladder.ts'
import type { FollowUp } from './follow-ups.ts'

const rung = (step: string, ...timing: readonly Extension[]): Extension => ({
  url: ESCALATION,
  extension: [{ url: 'step', valueCode: step }, ...timing],
})

const minutes = (url: string, value: number): Extension => ({
  url,
  valueDuration: { value, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' },
})

const business = (url: string, unit: string, count: number): Extension => ({
  url,
  valueDuration: { extension: [{ url: unit, valuePositiveInt: count }] },
})

/** Written as extensions, since the Task keeps them: whoever moves its due date gets the same rungs again. */
const LADDERS: Readonly<Record<FollowUp['ladder'], readonly Extension[]>> = {
  standard: [
    rung('reminder', { url: 'part', valueDecimal: 0.5 }),
    rung('due-soon', business('before', BUSINESS_HOURS, 4)),
    rung('overdue'),
    rung('escalation-2', business('after', BUSINESS_DAYS, 1)),
  ],
  // By the clock, day and night: the supervisors after the hour, the managers half an hour later.
  crisis: [
    rung('reminder', { url: 'part', valueDecimal: 0.5 }),
    rung('overdue'),
    rung('escalation-2', minutes('after', 30)),
    rung('window-missed'),
  ],
  imminent: [rung('overdue'), rung('escalation-2', minutes('after', 15)), rung('window-missed')],
  // Nothing that goes to the care team, of which family may be part.
  private: [rung('overdue'), rung('escalation-2', business('after', BUSINESS_HOURS, 2))],
}

export const ladderOf = ({ ladder }: Pick<FollowUp, 'ladder'>): Ladder => readLadder(LADDERS[ladder])!
