import type { Json } from '../schema.ts'
import {
  atLeastOne,
  has,
  inner,
  isDistinct,
  items,
  keyed,
  neededWhere,
  needs,
  notBoth,
  notWhere,
  onlyWhere,
  type Rule,
} from './rule.ts'

/** In a list of this name no two members have the same. */
const distinct = (list: string, name: string): Rule => ({
  holds: (value) => isDistinct(items(value, list).map((item) => item[name])),
  text: `must not have two of ${list} with the same ${name}`,
})

/** What each item of a list, and of the lists of the same name in it, has of this name. */
const allBelow = (value: Json, list: string, name: string): unknown[] =>
  items(value, list).flatMap((item) => [item[name], ...allBelow(item, list, name)])

const ofOneType = (name: string): Rule => ({
  holds: (value) => !has(value, name) || items(value, 'type').length <= 1,
  text: `must not have ${name.replace('[x]', '')} when it has several types`,
})

const noneWith = (one: string, names: readonly string[]): Rule => ({
  holds: (value) => !has(value, one) || !names.some((name) => has(value, name)),
  text: `must not have ${names.map((name) => name.replace('[x]', '')).join(' or ')} when it has ${one}`,
})

/** 0 or more in decimal digits. */
const countOf = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined

/** https://hl7.org/fhir/R4/elementdefinition.html#invs */
const elementInvariants = keyed({
  'eld-1': atLeastOne('discriminator', 'description'),
  'eld-2': {
    holds: ({ min, max }) => typeof min !== 'number' || min <= (countOf(max) ?? min),
    text: 'must not have a min above its max',
  },
  'eld-3': {
    holds: ({ max }) => typeof max !== 'string' || max === '*' || countOf(max) !== undefined,
    text: 'must have a number or * as its max',
  },
  'eld-4': onlyWhere('aggregation', 'code', 'Reference', 'canonical'),
  'eld-5': noneWith('contentReference', [
    'type',
    'defaultValue[x]',
    'fixed[x]',
    'pattern[x]',
    'example',
    'minValue[x]',
    'maxValue[x]',
    'maxLength',
    'binding',
  ]),
  'eld-6': ofOneType('fixed[x]'),
  'eld-7': ofOneType('pattern[x]'),
  'eld-8': notBoth('pattern[x]', 'fixed[x]'),
  'eld-12': {
    holds: ({ valueSet }) => typeof valueSet !== 'string' || /^(?:https?:|urn:)/.test(valueSet),
    text: 'must have a valueSet that starts with http:// or https:// or urn:',
  },
  'eld-13': distinct('type', 'code'),
  'eld-14': distinct('constraint', 'key'),
  'eld-15': notBoth('defaultValue[x]', 'meaningWhenMissing'),
  'eld-16': {
    holds: ({ sliceName }) => typeof sliceName !== 'string' || /^[\w/\-[\]@]+$/.test(sliceName),
    text: 'must have a sliceName of letters, digits and / - _ [ ] @',
  },
  'eld-17': onlyWhere('targetProfile', 'code', 'Reference', 'canonical'),
  'eld-18': {
    holds: (value) => value.isModifier !== true || has(value, 'isModifierReason'),
    text: 'must have isModifierReason when isModifier is true',
  },
  'eld-22': needs('sliceIsConstraining', 'sliceName'),
})

const isRoot = ({ path }: Json): boolean => typeof path === 'string' && !path.includes('.')

/** The elements of a StructureDefinition, of its snapshot or differential. */
const elementsIn = (value: Json, view: string): Json[] => items(inner(value, view), 'element')

const eachElement = (isRight: (element: Json) => boolean, text: string): Rule => ({
  holds: (value) => ['snapshot', 'differential'].every((view) => elementsIn(value, view).every(isRight)),
  text,
})

const withIds = (view: string): Rule => ({
  holds: (value) => {
    const ids = elementsIn(value, view).map(({ id }) => id)
    return !ids.includes(undefined) && isDistinct(ids)
  },
  text: `must have an id of its own in each element of its ${view}`,
})

const structureInvariants = keyed({
  'sdf-1': {
    holds: (value) =>
      value.derivation === 'constraint' || isDistinct(elementsIn(value, 'snapshot').map(({ path }) => path)),
    text: 'must not have two elements of the same path unless it is a constraint',
  },
  'sdf-2': atLeastOne('name', 'uri'),
  'sdf-3': {
    holds: (value) =>
      items(value, 'element').every((one) => has(one, 'definition') && has(one, 'min') && has(one, 'max')),
    text: 'must have definition, min and max in each element',
  },
  'sdf-4': {
    holds: (value) => value.abstract === true || has(value, 'baseDefinition'),
    text: 'must have baseDefinition unless it is abstract',
  },
  'sdf-5': {
    holds: (value) => value.type !== 'Extension' || value.derivation === 'specialization' || has(value, 'context'),
    text: 'must have context when it defines an extension',
  },
  'sdf-6': atLeastOne('snapshot', 'differential'),
  'sdf-8b': {
    holds: (value) => items(value, 'element').every((one) => has(one, 'base')),
    text: 'must have base in each element',
  },
  'sdf-10': {
    holds: (value) =>
      items(value, 'element').every((one) => {
        const binding = inner(one, 'binding')
        return !has(one, 'binding') || has(binding, 'valueSet') || has(binding, 'description')
      }),
    text: 'must have a valueSet or a description in each binding',
  },
  'sdf-11': {
    holds: (value) => {
      const [first] = elementsIn(value, 'snapshot')
      return value.kind === 'logical' || !first || first.path === value.type
    },
    text: 'must start its snapshot with its type',
  },
  'sdf-14': eachElement((element) => has(element, 'id'), 'must have an id in each element'),
  'sdf-15': {
    holds: (value) => {
      const [first] = elementsIn(value, 'snapshot')
      return value.kind === 'logical' || !first || !has(first, 'type')
    },
    text: 'must not have a type in the first element of its snapshot',
  },
  'sdf-15a': {
    holds: (value) => {
      const [first] = elementsIn(value, 'differential')
      return value.kind === 'logical' || !first || !isRoot(first) || !has(first, 'type')
    },
    text: 'must not have a type in the first element of its differential when that is the root',
  },
  'sdf-16': withIds('snapshot'),
  'sdf-17': withIds('differential'),
  'sdf-18': {
    holds: (value) => !has(value, 'contextInvariant') || value.type === 'Extension',
    text: 'must not have contextInvariant unless it defines an extension',
  },
  'sdf-20': {
    holds: (value) => !items(value, 'element').some((one) => isRoot(one) && has(one, 'slicing')),
    text: 'must not slice the root element',
  },
  'sdf-21': {
    holds: (value) =>
      value.derivation === 'specialization' ||
      !elementsIn(value, 'differential').some((one) => has(one, 'defaultValue[x]')),
    text: 'must not have default values unless it is a specialization',
  },
  'sdf-23': eachElement(
    (element) => !isRoot(element) || !has(element, 'sliceName'),
    'must not have a sliceName on the root',
  ),
})

const itemTypeIs = (value: Json, ...types: string[]): boolean => types.includes(value.type as string)

/** https://hl7.org/fhir/R4/questionnaire.html#invs */
const questionnaireInvariants = keyed({
  'que-1': {
    holds: (value) =>
      itemTypeIs(value, 'group') ? has(value, 'item') : !itemTypeIs(value, 'display') || !has(value, 'item'),
    text: 'must have items when it is a group, and none when it is a display',
  },
  'que-2': {
    holds: (value) => isDistinct(allBelow(value, 'item', 'linkId')),
    text: 'must not have two items with the same linkId',
  },
  'que-3': notWhere('code', 'type', 'display'),
  'que-4': notBoth('answerOption', 'answerValueSet'),
  'que-5': {
    holds: (value) =>
      itemTypeIs(
        value,
        'choice',
        'open-choice',
        'decimal',
        'integer',
        'date',
        'dateTime',
        'time',
        'string',
        'quantity',
      ) ||
      (!has(value, 'answerValueSet') && !has(value, 'answerOption')),
    text: 'must not have answerOption or answerValueSet with a type that gives no choice',
  },
  'que-6': {
    holds: (value) => !itemTypeIs(value, 'display') || (!has(value, 'required') && !has(value, 'repeats')),
    text: 'must not have required or repeats when type is display',
  },
  'que-7': {
    holds: (value) => value.operator !== 'exists' || !has(value, 'answer[x]') || has(value, 'answerBoolean'),
    text: 'must have a boolean answer when operator is exists',
  },
  'que-8': notWhere('initial', 'type', 'group', 'display'),
  'que-9': notWhere('readOnly', 'type', 'display'),
  'que-10': onlyWhere('maxLength', 'type', 'boolean', 'decimal', 'integer', 'string', 'text', 'url', 'open-choice'),
  'que-11': notBoth('answerOption', 'initial'),
  'que-12': {
    // The published expression lets two conditions pass without; its text does not.
    holds: (value) => items(value, 'enableWhen').length <= 2 || has(value, 'enableBehavior'),
    text: 'must have enableBehavior when it has several of enableWhen',
  },
  'que-13': {
    holds: (value) => value.repeats === true || items(value, 'initial').length <= 1,
    text: 'must not have several of initial unless it repeats',
  },
})

const isOfKind = (value: Json, kind: string): boolean => value.kind === kind

/** https://hl7.org/fhir/R4/capabilitystatement.html#invs */
const capabilityInvariants = keyed({
  'cpb-1': atLeastOne('rest', 'messaging', 'document'),
  'cpb-2': atLeastOne('description', 'software', 'implementation'),
  'cpb-3': {
    holds: (value) => isOfKind(value, 'instance') || !items(value, 'messaging').some((one) => has(one, 'endpoint')),
    text: 'must not have messaging.endpoint unless kind is instance',
  },
  'cpb-7': {
    holds: (value) => isDistinct(items(value, 'document').map(({ profile, mode }) => `${profile} ${mode}`)),
    text: 'must not have two documents of the same profile and mode',
  },
  'cpb-9': distinct('resource', 'type'),
  'cpb-12': distinct('searchParam', 'name'),
  'cpb-14': neededWhere('implementation', 'kind', 'instance'),
  'cpb-15': {
    holds: (value) => !isOfKind(value, 'capability') || (!has(value, 'implementation') && has(value, 'software')),
    text: 'must have software and no implementation when kind is capability',
  },
  'cpb-16': {
    holds: (value) => !isOfKind(value, 'requirements') || !(has(value, 'implementation') || has(value, 'software')),
    text: 'must have neither implementation nor software when kind is requirements',
  },
})

const terminologyInvariants = keyed({
  'cmd-1': neededWhere('comment', 'equivalence', 'narrower', 'inexact'),
  'cmd-2': neededWhere('code', 'mode', 'fixed'),
  'cmd-3': neededWhere('url', 'mode', 'other-map'),
  'csd-1': {
    holds: (value) => isDistinct(allBelow(value, 'concept', 'code')),
    text: 'must not have two concepts with the same code',
  },
  'vsd-1': atLeastOne('valueSet', 'system'),
  'vsd-2': {
    holds: (value) => (!has(value, 'concept') && !has(value, 'filter')) || has(value, 'system'),
    text: 'must have system when it has concept or filter',
  },
  'vsd-3': notBoth('concept', 'filter'),
  'vsd-6': atLeastOne('code', 'display'),
  'vsd-9': {
    holds: (value) => has(value, 'code') || value.abstract === true,
    text: 'must have code unless it is abstract',
  },
  'vsd-10': needs('code', 'system'),
})

/** The constraints of what defines others: structures, forms, terminologies, abilities. */
export const definitionInvariants = {
  ...elementInvariants,
  ...structureInvariants,
  ...questionnaireInvariants,
  ...capabilityInvariants,
  ...terminologyInvariants,
  ...keyed({
    'ig-1': {
      holds: (value) => {
        const groupings = items(value, 'grouping').map(({ id }) => id)
        return items(value, 'resource').every(
          ({ groupingId }) => groupingId === undefined || groupings.includes(groupingId),
        )
      },
      text: 'must not have a groupingId that no grouping has as its id',
    },
    'mea-1': {
      holds: (value) =>
        items(value, 'group')
          .flatMap((group) => items(group, 'stratifier'))
          .every(
            (one) => (has(one, 'code') || has(one, 'description') || has(one, 'criteria')) !== has(one, 'component'),
          ),
      text: 'must have either one criteria or components in each stratifier',
    },
    'opd-1': atLeastOne('type', 'part'),
    'opd-2': onlyWhere('searchType', 'type', 'string'),
    'opd-3': onlyWhere('targetProfile', 'type', 'Reference', 'canonical'),
  }),
}
