import type { CodeableConcept, Encounter, Procedure } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import type { Careloop } from '../../careloop.ts'
import { referenceTo } from '../../fhir.ts'
import { resourceOf, type Version } from '../../store/version.ts'
import { type LocalDate, localDateOf } from '../date-time.ts'
import { facilityTimeZone } from '../facility-time-zone.ts'
import { lastCharlson, lastHemoglobin, lastSodium } from './observed.ts'
import type { RiskInput, RiskInputs } from './score.ts'

/** How the days of a stay are counted: the nights, or the day of discharge too. */
export type LosCounting = 'nights' | 'days'

export interface Gathered {
  inputs: RiskInputs
  /** `Type/id` of what each input was read from */
  basis: Partial<Record<RiskInput, readonly string[]>>
}

/** The stay, where and when it was. */
export interface IndexStay {
  encounter: Encounter
  /** `Patient/id` */
  patient: string
  timeZone: string
  admitted?: LocalDate
  discharged?: LocalDate
}

const { compare } = Temporal.PlainDate

const ADMISSIONS = ['IMP', 'ACUTE']
const BEGAN = ['in-progress', 'onleave', 'finished']

const hasCoding = (concept: CodeableConcept | undefined, system: string, codes: readonly string[]): boolean =>
  concept?.coding?.some((coding) => coding.system === system && codes.includes(coding.code ?? '')) ?? false

const CODES = 'http://terminology.hl7.org/CodeSystem'
/** SNOMED CT: clinical, medical, radiation and paediatric oncology. */
const ONCOLOGY = ['394592004', '394593009', '419815003', '418002000']

/** Urgent or an emergency, elective, or unknown. The admission type of HL7 v2 (PV1-4) comes as Encounter.type. */
const acuityOf = ({ priority, type = [], hospitalization, classHistory = [] }: Encounter): boolean | undefined => {
  const isOfType = (codes: readonly string[]) => type.some((concept) => hasCoding(concept, `${CODES}/v2-0007`, codes))
  if (hasCoding(priority, `${CODES}/v3-ActPriority`, ['EM', 'UR', 'S']) || isOfType(['A', 'E', 'U'])) return true
  if (hasCoding(hospitalization?.admitSource, `${CODES}/admit-source`, ['emd'])) return true
  if (classHistory.some((former) => former.class.code === 'EMER')) return true
  return hasCoding(priority, `${CODES}/v3-ActPriority`, ['EL', 'R']) || isOfType(['C', 'R']) ? false : undefined
}

const oncologyOf = ({ serviceType }: Encounter): boolean | undefined =>
  serviceType?.coding?.length ? hasCoding(serviceType, 'http://snomed.info/sct', ONCOLOGY) : undefined

interface EarlierStay {
  reference: string
  code: string
  start: LocalDate
  end: LocalDate | undefined
}

/** The patient's other encounters that began in the year before the admission, the last first. */
const earlierStays = async (
  { search }: Careloop,
  { encounter, patient, timeZone }: IndexStay,
  admitted: LocalDate,
): Promise<EarlierStay[]> => {
  const since = admitted.subtract({ years: 1 })
  // A search for dates finds what overlaps them, in the tenant's time zone.
  const query = `patient=${encodeURIComponent(patient)}&class=EMER,IMP,ACUTE&date=ge${since.subtract({ days: 1 })}&date=le${admitted.add({ days: 1 })}`
  return (await search.all('Encounter', query))
    .flatMap((version) => {
      const other = resourceOf(version) as unknown as Encounter
      const { start, end } = other.period ?? {}
      const from = start && localDateOf(start, timeZone)
      if (version.id === encounter.id || !from || !BEGAN.includes(other.status)) return []
      if (compare(from, since) < 0 || compare(from, admitted) > 0) return []
      const reference = referenceTo('Encounter', version.id)
      return [
        { reference, code: other.class.code ?? '', start: from, end: end ? localDateOf(end, timeZone) : undefined },
      ]
    })
    .sort((a, b) => compare(b.start, a.start))
}

/** Whether an emergency visit led into the stay: it ended on the day of the admission or the day before. */
const ledInto = ({ start, end = start }: EarlierStay, admitted: LocalDate): boolean =>
  compare(end, admitted.subtract({ days: 1 })) >= 0

const proceduresOf = async ({ search }: Careloop, { encounter, patient, admitted, discharged }: IndexStay) => {
  const of = `patient=${encodeURIComponent(patient)}&status=completed`
  const ofTheStay = await search.all('Procedure', `${of}&encounter=Encounter/${encounter.id}`)
  const inTime =
    admitted && discharged ? await search.all('Procedure', `${of}&date=ge${admitted}&date=le${discharged}`) : []
  const unlinked = inTime.filter((version) => !(resourceOf(version) as unknown as Procedure).encounter)
  return [...ofTheStay, ...unlinked].map(({ id }) => referenceTo('Procedure', id))
}

/** Reads where and when a stay was. Undefined when it does not say whose it was. */
export const indexStayOf = async ({ store, tenant }: Careloop, version: Version): Promise<IndexStay | undefined> => {
  const encounter = resourceOf(version) as unknown as Encounter
  const patient = encounter.subject?.reference
  if (!patient?.startsWith('Patient/')) return undefined
  const timeZone = await facilityTimeZone(store, encounter, tenant.timeZone)
  const dateOf = (dateTime: string | undefined) => (dateTime ? localDateOf(dateTime, timeZone) : undefined)
  const admitted = dateOf(encounter.period?.start)
  const discharged = dateOf(encounter.period?.end)
  return { encounter, patient, timeZone, ...(admitted && { admitted }), ...(discharged && { discharged }) }
}

const daysOf = ({ admitted, discharged }: IndexStay, counting: LosCounting): number | undefined =>
  admitted && discharged ? Math.max(0, admitted.until(discharged).days) + (counting === 'days' ? 1 : 0) : undefined

/**
 * Reads from the stored resources what the risk of a readmission after a stay is calculated from. Of earlier encounters and of
 * procedures none stored means there were none; of everything else it means that nobody knows.
 */
export const gatherInputs = async (careloop: Careloop, stay: IndexStay, counting: LosCounting): Promise<Gathered> => {
  const { encounter, admitted } = stay
  const others = admitted ? await earlierStays(careloop, stay, admitted) : []
  const visits = others.filter(({ code }) => code === 'EMER')
  const led = admitted && visits.find((visit) => ledInto(visit, admitted))
  const counted =
    admitted && visits.filter((visit) => visit !== led && compare(visit.start, admitted.subtract({ months: 6 })) >= 0)
  const admissions = admitted && others.filter(({ code }) => ADMISSIONS.includes(code))
  const [hemoglobin, sodium, charlson, procedures] = await Promise.all([
    lastHemoglobin(careloop, stay),
    lastSodium(careloop, stay),
    lastCharlson(careloop, stay),
    proceduresOf(careloop, stay),
  ])

  const self = [referenceTo('Encounter', encounter.id!)]
  const references = (stays: readonly EarlierStay[] = []) => stays.map(({ reference }) => reference)
  return {
    inputs: {
      lengthOfStay: daysOf(stay, counting),
      acuteAdmission: acuityOf(encounter) ?? (led ? true : undefined),
      charlsonIndex: charlson?.value,
      emergencyVisits: counted?.length,
      hemoglobin: hemoglobin?.value,
      sodium: sodium?.value,
      oncologyService: oncologyOf(encounter),
      procedure: procedures.length > 0,
      admissions: admissions?.length,
    },
    basis: {
      lengthOfStay: self,
      acuteAdmission: led && acuityOf(encounter) === undefined ? [...self, led.reference] : self,
      charlsonIndex: charlson && [charlson.reference],
      emergencyVisits: references(counted),
      hemoglobin: hemoglobin && [hemoglobin.reference],
      sodium: sodium && [sodium.reference],
      oncologyService: self,
      procedure: procedures,
      admissions: references(admissions),
    },
  }
}
