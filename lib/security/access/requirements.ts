import type { InteractionCode } from '../../interactions/interaction.ts'
import type { Duty } from './roles.ts'
import type { Looking } from './view.ts'

/** Stands for the type of the URL. */
export const OF_URL = '[type]'

/** One of these letters for a type. */
export type Need = readonly [letters: string, type: string]

/** What it takes to be let into an interaction at all. What it may then see and write is decided resource by resource. */
export interface Requirement {
  /** each has to be met */
  needs: readonly Need[]
  /** also, where the request names what it is about by criteria: those are a search */
  criteria?: true
  /** how it looks at what is stored, as the caller sees it */
  looking?: Looking
  /** as `looking`, at the one resource of the URL alone: who may see that is told all of it that the operation tells */
  about?: Looking
  /**
   * It works on the tenant as a whole and not for one caller's eyes: what it needs must be given without any restriction, for resources of
   * all patients and of any content. It then sees all that it takes, however little of that the caller could read.
   */
  whole?: true
  /** It takes what it is given and tells nothing of what is stored, so nothing is withheld from it. */
  blind?: true
  /** a duty for the tenant as a whole, of the role or of a system */
  duty?: Duty
}

const READING: Looking = { read: 'r', search: 'rs' }
const LISTING: Looking = { read: 's', search: 's' }
/** What may be changed has to be seen in some way; what is named by criteria has to be found. */
const WRITING: Looking = { read: 'rsud', search: 's' }
const ASKING: Looking = { read: 'rs', search: 'rs' }

const asking = (...needs: Need[]): Requirement => ({ needs, looking: ASKING })
const whole = (...needs: Need[]): Requirement => ({ needs, whole: true })
const duty = (of: Duty, ...needs: Need[]): Requirement => ({ needs, duty: of })
const free: Requirement = { needs: [], blind: true }
const MESSAGE: readonly Need[] = [
  ['c', 'Encounter'],
  ['u', 'Encounter'],
  ['c', 'Patient'],
  ['u', 'Patient'],
]

/** By interaction. What is not here nobody with restricted access may do; a test sees to it that every route is. */
export const requirements: Readonly<Partial<Record<InteractionCode, Requirement>>> = {
  capabilities: free,
  $openapi: free,
  '$smart-configuration': free,
  // Each entry by itself.
  batch: { needs: [], looking: WRITING },
  transaction: { needs: [], looking: WRITING },

  read: { needs: [['r', OF_URL]], looking: READING },
  vread: { needs: [['r', OF_URL]], looking: READING },
  'history-instance': { needs: [['r', OF_URL]], looking: READING },
  'history-type': { needs: [['s', OF_URL]], looking: LISTING },
  'history-system': { needs: [['s', '*']], looking: LISTING },
  'search-type': { needs: [['s', OF_URL]], looking: LISTING },
  'search-system': { needs: [['s', '*']], looking: LISTING },
  create: { needs: [['c', OF_URL]], criteria: true, looking: WRITING },
  update: { needs: [['u', OF_URL]], criteria: true, looking: WRITING },
  patch: { needs: [['u', OF_URL]], criteria: true, looking: WRITING },
  delete: { needs: [['d', OF_URL]], criteria: true, looking: WRITING },

  $validate: { needs: [['cud', OF_URL]], looking: WRITING },
  $meta: asking(['r', OF_URL]),
  '$meta-add': {
    needs: [
      ['u', OF_URL],
      ['r', OF_URL],
    ],
    looking: ASKING,
  },
  '$meta-delete': {
    needs: [
      ['u', OF_URL],
      ['r', OF_URL],
    ],
    looking: ASKING,
  },
  $everything: asking(['r', 'Patient']),
  $claim: { needs: [['u', 'Task']], looking: WRITING },
  $progress: asking(['r', 'Goal']),
  $expand: asking(['rs', 'ValueSet']),
  '$validate-code': asking(['rs', OF_URL]),
  $lookup: asking(['rs', 'CodeSystem']),
  // It tells of rules and calendars what it takes to understand the Task, and of patients what the Task itself says.
  $explain: { needs: [['r', 'Task']], about: READING },

  $disclosures: whole(['s', 'AuditEvent']),
  '$calendar-link': whole(['r', 'Practitioner'], ['s', 'Task']),
  $apply: whole(['r', 'PlanDefinition'], ['r', 'Patient'], ['r', 'CarePlan'], ['r', 'Task']),
  '$apply-and-save': whole(['r', 'PlanDefinition'], ['r', 'Patient'], ['c', 'CarePlan'], ['c', 'Task']),
  '$readmission-risk': whole(['r', 'Encounter'], ['c', 'RiskAssessment']),
  '$case-conference': whole(['r', 'CarePlan'], ['c', 'Appointment'], ['c', 'List']),
  '$conference-minutes': whole(['u', 'Appointment'], ['c', 'Composition'], ['c', 'Task']),
  '$referral-link': whole(['u', 'Task']),
  '$process-message': { ...whole(...MESSAGE), blind: true },
  '$process-adt': { ...whole(...MESSAGE), blind: true },

  $assign: duty('assign', ['u', 'Task']),
  $rebalance: duty('assign', ['s', 'Task']),
  $caseload: duty('report', ['s', 'Task']),
  '$transition-report': duty('report', ['s', 'Task']),
  '$referral-report': duty('report', ['s', 'Task']),
  '$time-report': duty('report', ['s', 'Task']),
}
