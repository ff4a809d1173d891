import type { Parameters, ParametersParameter } from 'fhir/r4'
import type { Explanation } from './explanation.ts'

type Value = Omit<ParametersParameter, 'name' | 'part' | 'resource'>

/** A part with a value; none when there is nothing to say. */
const value = (name: string, given: Value | undefined): ParametersParameter[] =>
  given && Object.values(given).some((each) => each !== undefined) ? [{ name, ...given }] : []

const group = (name: string, ...parts: ParametersParameter[][]): ParametersParameter[] => {
  const part = parts.flat()
  return part.length ? [{ name, part }] : []
}

const text = (name: string, given: string | undefined) => value(name, { valueString: given })
const code = (name: string, given: string | undefined) => value(name, { valueCode: given })
const dateTime = (name: string, given: string | undefined) => value(name, { valueDateTime: given })
const reference = (name: string, given: string | undefined) =>
  given === undefined ? [] : value(name, { valueReference: { reference: given } })

const ruleParts = ({ rule }: Explanation): ParametersParameter[] =>
  rule
    ? group(
        'rule',
        text('title', rule.title),
        value('canonical', { valueCanonical: rule.canonical }),
        value('source', { valueUri: rule.source }),
        code('phase', rule.phase),
        ...(rule.step ? [group('step', value('id', { valueId: rule.step.id }), text('title', rule.step.title))] : []),
        ...(rule.recurrence
          ? [
              group(
                'recurrence',
                value('sequence', { valuePositiveInt: rule.recurrence.sequence }),
                value('timing', { valueTiming: rule.recurrence.timing }),
                code('anchor', rule.recurrence.anchor),
              ),
            ]
          : []),
        ...rule.conditions.map((condition) =>
          group(
            'condition',
            code('of', condition.of),
            text('description', condition.description),
            value('expression', {
              valueExpression: { language: 'text/fhirpath', expression: condition.expression },
            }),
            value('holds', { valueBoolean: condition.holds }),
          ),
        ),
        ...rule.stops.map((reason) => code('stop', reason)),
        ...rule.inputs.map(({ name, type }) => group('input', text('name', name), code('type', type))),
        text('after', rule.after),
        ...rule.noLaterThan.map((step) => text('noLaterThan', step)),
        text('oneOf', rule.oneOf),
      )
    : []

const windowParts = ({ window }: Explanation): ParametersParameter[] =>
  window
    ? group(
        'window',
        dateTime('anchor', window.anchor),
        code('timeZone', window.timeZone),
        dateTime('start', window.start),
        dateTime('due', window.due),
        ...(window.delay
          ? [
              group(
                'delay',
                code('unit', window.delay.unit),
                value('count', {
                  valueInteger: 'days' in window.delay ? window.delay.days : window.delay.hours,
                }),
                ...('days' in window.delay
                  ? [value('countAnchorDay', { valueBoolean: window.delay.countAnchorDay })]
                  : []),
              ),
            ]
          : []),
        dateTime('counted', window.counted),
        dateTime('complianceEnd', window.complianceEnd),
        text('calendar', window.calendar),
        ...window.holidays.map((day) => value('holiday', { valueDate: day.toString() })),
      )
    : []

/** An explanation as Parameters, `words` as its part `text`. https://hl7.org/fhir/R4/parameters.html */
export const explanationParameters = (explanation: Explanation, words: string): Parameters => {
  const { task, trigger, created, rungs, changes, state } = explanation
  return {
    resourceType: 'Parameters',
    parameter: [
      ...text('text', words),
      ...reference('task', task),
      ...ruleParts(explanation),
      ...reference('trigger', trigger),
      ...group('created', value('at', { valueInstant: created.at }), text('requester', created.requester)),
      ...windowParts(explanation),
      ...rungs.flatMap(({ step, at, passed }) =>
        group('rung', code('step', step), value('at', { valueInstant: at }), value('passed', { valueBoolean: passed })),
      ),
      ...changes.flatMap((change) =>
        group(
          'change',
          value('at', { valueInstant: change.at }),
          reference('record', change.record),
          code('activity', change.activity),
          ...change.reasons.map((reason) => code('reason', reason)),
          ...change.because.map((each) => reference('because', each)),
          value('policy', { valueCanonical: change.policy }),
          ...change.by.map((who) => text('by', who)),
        ),
      ),
      ...group(
        'state',
        code('status', state.status),
        code('businessStatus', state.businessStatus),
        ...state.reasons.map((reason) => code('reason', reason)),
        value('open', { valueBoolean: state.isOpen }),
        value('overdue', { valueBoolean: state.isOverdue }),
        dateTime('ended', state.ended),
        ...state.evidence.map((each) => reference('evidence', each)),
      ),
    ],
  }
}
