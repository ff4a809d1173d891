import type { Hl7Message } from '@medplum/core'
import { Temporal } from 'temporal-polyfill'
import type { Designator } from './authority.ts'

/** Where a value stands in a message: field, component, subcomponent and repetition, the first three counted from 1 as HL7 does. */
export interface Place {
  component?: number
  subcomponent?: number
  repetition?: number
}

/** What HL7 v2 writes to say that something is to be deleted. */
const DELETED = '""'

const ESCAPED: Readonly<Record<string, (context: Hl7Message['context']) => string>> = {
  F: (context) => context.fieldSeparator,
  S: (context) => context.componentSeparator,
  T: (context) => context.subcomponentSeparator,
  R: (context) => context.repetitionSeparator,
  E: (context) => context.escapeCharacter,
}

/** Separators that are part of a value, written out. Other escapes lay out text and stay as they are. */
const unescaped = (text: string, context: Hl7Message['context']): string => {
  const { escapeCharacter } = context
  if (!escapeCharacter || !text.includes(escapeCharacter)) return text
  return text
    .split(escapeCharacter)
    .map((part, index, { length }) => {
      const isEscape = index % 2 === 1 && index < length - 1
      if (!isEscape) return part
      return ESCAPED[part]?.(context) ?? `${escapeCharacter}${part}${escapeCharacter}`
    })
    .join('')
}

/** A value of the first segment of this name, without spaces around it; empty where there is none, or one to be deleted. */
export const valueAt = (
  message: Hl7Message,
  segment: string,
  field: number,
  { component = 1, subcomponent = 1, repetition = 0 }: Place = {},
): string => {
  const found = message.getSegment(segment)?.getField(field)
  if (!found || repetition >= found.components.length) return ''
  const value = found.getComponent(component, subcomponent - 1, repetition).trim()
  return value === DELETED ? '' : unescaped(value, message.context)
}

export const repetitionsOf = (message: Hl7Message, segment: string, field: number): number =>
  message.getSegment(segment)?.getField(field)?.components.length ?? 0

/** A field of type HD. */
export const designatorIn = (message: Hl7Message, segment: string, field: number): Designator => ({
  namespace: valueAt(message, segment, field),
  universalId: valueAt(message, segment, field, { component: 2 }),
  universalIdType: valueAt(message, segment, field, { component: 3 }),
})

/** A component of type HD, whose parts are subcomponents. */
export const designatorAt = (
  message: Hl7Message,
  segment: string,
  field: number,
  place: { component: number; repetition?: number },
): Designator => ({
  namespace: valueAt(message, segment, field, place),
  universalId: valueAt(message, segment, field, { ...place, subcomponent: 2 }),
  universalIdType: valueAt(message, segment, field, { ...place, subcomponent: 3 }),
})

const TIMESTAMP =
  /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,4}))?)?)?)?)?)?(?:([+-]\d\d)(\d\d))?$/

/**
 * An HL7 v2 timestamp as a FHIR date or dateTime; one that says the hour but no offset is local to `timeZone`. Undefined when it is none.
 */
export const dateTimeOf = (text: string, timeZone: string): string | undefined => {
  const [, year, month, day, hour, minute = '00', second = '00', fraction = '0', offset, offsetMinutes] =
    TIMESTAMP.exec(text) ?? []
  if (!year) return undefined
  const date = [year, month, day].filter(Boolean).join('-')
  try {
    if (hour === undefined) {
      Temporal.PlainDate.from(`${year}-${month ?? '01'}-${day ?? '01'}`, { overflow: 'reject' })
      return date
    }
    const local = Temporal.PlainDateTime.from(`${date}T${hour}:${minute}:${second}.${fraction}`, { overflow: 'reject' })
    return local.toZonedDateTime(offset ? `${offset}:${offsetMinutes}` : timeZone).toString({ timeZoneName: 'never' })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
