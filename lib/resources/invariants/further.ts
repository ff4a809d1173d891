import type { Json } from '../schema.ts'
import { definitionInvariants } from './definitions.ts'
import {
  atLeastOne,
  either,
  has,
  hasCoding,
  inner,
  inOrder,
  isMore,
  items,
  keyed,
  needs,
  notBoth,
  notWhere,
  onlyWhere,
  type Rule,
} from './rule.ts'

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem'
const UCUM = 'http://unitsofmeasure.org'

const enteredInError =
  (system: string) =>
  (value: Json): boolean =>
    hasCoding(inner(value, 'verificationStatus'), `${TERMINOLOGY}/${system}`, ['entered-in-error'])
const isAllergyInError = enteredInError('allergyintolerance-verification')
const isConditionInError = enteredInError('condition-ver-status')

const notInError = (isInError: (value: Json) => boolean): Rule => ({
  holds: (value) => !isInError(value) || !has(value, 'clinicalStatus'),
  text: 'must not have clinicalStatus when verificationStatus is entered-in-error',
})

const onlyForAll = (list: string, name: string, member: string, code: string): Rule => ({
  holds: (value) => value[member] === code || !items(value, list).some((item) => has(item, name)),
  text: `must not have ${list}.${name} unless ${member} is ${code}`,
})

const noHome = (list: string): Rule => ({
  holds: (value) => !items(value, list).some(({ use }) => use === 'home'),
  text: `must not have ${list} of use home`,
})

const isPercentage = (value: Json, name: string): boolean => {
  const { code, system } = inner(value, name)
  return !has(value, name) || (code === '%' && system === UCUM)
}

const isSameAs = (one: Json): ((other: Json) => boolean) => {
  const text = JSON.stringify(one)
  return (other) => JSON.stringify(other) === text
}

const sharesCoding = (one: Json, other: Json): boolean =>
  items(one, 'coding').some((coding) => items(other, 'coding').some(isSameAs(coding)))

/** The constraints of the supporting types, and of the datatypes that only these are made of. */
export const furtherInvariants = {
  ...definitionInvariants,
  ...keyed({
    'ait-1': {
      holds: (value) => isAllergyInError(value) || has(value, 'clinicalStatus'),
      text: 'must have clinicalStatus unless verificationStatus is entered-in-error',
    },
    'ait-2': notInError(isAllergyInError),
    'app-1': atLeastOne('type', 'actor'),
    'app-2': {
      holds: (value) => has(value, 'start') === has(value, 'end'),
      text: 'must have both start and end, or neither',
    },
    'app-3': {
      holds: (value) =>
        (has(value, 'start') && has(value, 'end')) ||
        ['proposed', 'cancelled', 'waitlist'].includes(value.status as string),
      text: 'must have start and end unless status is proposed or cancelled or waitlist',
    },
    // The published expression has the code `no-show`, which the value set of the status does not.
    'app-4': onlyWhere('cancelationReason', 'status', 'noshow', 'cancelled'),
    'apr-1': atLeastOne('participantType', 'actor'),
    'ces-1': either('category', 'productOrService'),
    'cmp-1': atLeastOne('text', 'entry', 'section'),
    'cmp-2': notBoth('emptyReason', 'entry'),
    'con-1': atLeastOne('summary', 'assessment'),
    'con-2': atLeastOne('code', 'detail'),
    'con-4': {
      holds: (value) =>
        !has(value, 'abatement[x]') ||
        hasCoding(inner(value, 'clinicalStatus'), `${TERMINOLOGY}/condition-clinical`, [
          'resolved',
          'remission',
          'inactive',
        ]),
      text: 'must not have abatement unless clinicalStatus is resolved or remission or inactive',
    },
    'con-5': notInError(isConditionInError),
    'fhs-1': notBoth('age[x]', 'born[x]'),
    'fhs-2': needs('estimatedAge', 'age[x]'),
    'grp-1': {
      holds: (value) => !has(value, 'member') || value.actual === true,
      text: 'must not have member unless actual is true',
    },
    'imm-1': atLeastOne('documentType', 'reference'),
    'lnk-1': {
      holds: ({ item }) => !Array.isArray(item) || item.length > 1,
      text: 'must have more than one item',
    },
    'lst-1': notBoth('emptyReason', 'entry'),
    'lst-2': onlyForAll('entry', 'deleted', 'mode', 'changes'),
    'lst-3': onlyForAll('entry', 'date', 'mode', 'working'),
    'mad-1': atLeastOne('dose', 'rate[x]'),
    'mdd-1': {
      holds: ({ whenPrepared, whenHandedOver }) => inOrder(whenPrepared, whenHandedOver),
      text: 'must not be handed over before it is prepared',
    },
    'mrp-1': notWhere('group', 'type', 'data-collection'),
    'mrp-2': {
      holds: (value) =>
        items(value, 'group')
          .flatMap((group) => items(group, 'stratifier'))
          .flatMap((stratifier) => items(stratifier, 'stratum'))
          .every((stratum) => has(stratum, 'value') !== has(stratum, 'component')),
      text: 'must have either value or component in each stratum',
    },
    'obs-3': atLeastOne('low', 'high', 'text'),
    'obs-6': notBoth('dataAbsentReason', 'value[x]'),
    'obs-7': {
      holds: (value) =>
        !has(value, 'value[x]') ||
        !items(value, 'component').some((component) => sharesCoding(inner(component, 'code'), inner(value, 'code'))),
      text: 'must not have a value when a component has its code',
    },
    'org-1': atLeastOne('identifier', 'name'),
    'org-2': noHome('address'),
    'org-3': noHome('telecom'),
    'pat-1': atLeastOne('name', 'telecom', 'address', 'organization'),
    'ppc-1': atLeastOne('policy', 'policyRule'),
    'qrs-1': notBoth('answer', 'item'),
    'ras-1': {
      holds: (value) => {
        const range = inner(value, 'probabilityRange')
        return isPercentage(range, 'low') && isPercentage(range, 'high')
      },
      text: 'must have a probability in % of UCUM',
    },
    'ras-2': {
      holds: ({ probabilityDecimal }) => !isMore(probabilityDecimal, 100),
      text: 'must not have a probability above 100',
    },
    'rqg-1': either('resource', 'action'),
    'sev-1': notBoth('name', 'query'),
  }),
}
