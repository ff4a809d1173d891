import type { Communication, Parameters, ParametersParameter, Task } from 'fhir/r4'
import type { Careloop } from '../../careloop.ts'
import { instantOf } from '../../clock.ts'
import type { Resource } from '../../fhir.ts'
import type { Interaction } from '../../interactions/interaction.ts'
import { operationParameters } from '../../interactions/operation-parameters.ts'
import { fail } from '../../outcome.ts'
import { cellOf } from '../../pathways/report/line-list-csv.ts'
import { dateRange } from '../../search/date.ts'
import { zoneOf } from '../../search/zone.ts'
import { readChangeLog } from '../../store/change-log.ts'
import type { Version } from '../../store/version.ts'
import {
  communicationEntry,
  type Entry,
  ledgerOf,
  type Month,
  type PatientTime,
  THRESHOLDS,
  taskEntry,
} from './time-ledger.ts'

const CSV = 'text/csv'
const MONTH = /^\d{4}-\d\d$/
const PATIENT = /^(?:Patient\/)?([A-Za-z0-9\-.]{1,64})$/
const TYPES = ['Task', 'Communication'] as const
const ROWS_A_READ = 500
/** What has been written since a month began and can be looked through while a request lasts. */
const MOST_ROWS = 25_000

/** The minutes of a month in the tenant's time zone, by patient and person, as Parameters or CSV. `GET $time-report?period=2026-11` */
export const timeReport: Interaction = async (careloop, request) => {
  const { texts } = operationParameters(request, ['period', 'patient'])
  const given = new Map(texts)
  const zone = zoneOf(careloop.tenant.timeZone)
  const period = given.get('period') ?? ''
  const month = MONTH.test(period) ? dateRange(period, zone) : undefined
  if (!month) throw fail('invalid', 'period must be a month, such as 2026-11.')
  const patient = patientIn(given.get('patient'))
  const versions = await (patient === undefined ? writtenSince(careloop, month) : ofPatient(careloop, patient))
  const entries = versions.flatMap(({ type, content }): Entry[] => {
    const entry =
      type === 'Task'
        ? taskEntry(content as unknown as Task, month, zone)
        : communicationEntry(content as unknown as Communication, month, zone)
    return entry?.patient ? [entry] : []
  })
  const ledger = ledgerOf(entries)
  const answer = { status: 200, patients: ledger.map((one) => one.patient) }
  if (request.mediaType === CSV)
    return { ...answer, text: csvOf(period, ledger), mediaType: `${CSV}; charset=utf-8; header=present` }
  return { ...answer, resource: parametersOf(period, careloop.tenant.timeZone, ledger) }
}

/** @throws FhirError invalid (400) */
const patientIn = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  const [, id] = PATIENT.exec(text) ?? []
  if (!id) throw fail('invalid', 'patient must be a reference such as Patient/123.')
  return `Patient/${id}`
}

const ofPatient = async ({ search }: Careloop, patient: string): Promise<Version[]> =>
  (await Promise.all(TYPES.map((type) => search.all(type, `patient=${encodeURIComponent(patient)}`, MOST_ROWS)))).flat()

/** What has happened in a month was written then or later, so that the log has it. @throws FhirError unprocessable (422) */
const writtenSince = async ({ store }: Careloop, { low }: Month): Promise<Version[]> => {
  const found: Version[] = []
  let after: string | undefined
  for (let rows = 0; rows < MOST_ROWS; rows += ROWS_A_READ) {
    const page = await readChangeLog(store, {
      types: TYPES,
      from: instantOf(low),
      ...(after && { after }),
      limit: ROWS_A_READ,
    })
    for (const { change } of page.changes)
      if (change.superseded === undefined && !change.version.deleted) found.push(change.version)
    if (!page.more) return found
    after = page.position
  }
  throw fail(
    'unprocessable',
    `More than ${MOST_ROWS} versions were written since the month began: ask for one patient at a time.`,
  )
}

const parametersOf = (period: string, timeZone: string, ledger: readonly PatientTime[]): Resource => {
  const reference = (name: string, of: string): ParametersParameter[] =>
    of ? [{ name, valueReference: { reference: of } }] : []
  const parameters: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'period', valueString: period },
      { name: 'time-zone', valueString: timeZone },
      ...ledger.map(({ patient, minutes, people, reached, entries }) => ({
        name: 'patient-time',
        part: [
          ...reference('patient', patient),
          { name: 'minutes', valueInteger: minutes },
          ...reached.map((threshold) => ({ name: 'reached-minutes', valueInteger: threshold })),
          ...people.map((one) => ({
            name: 'person-time',
            part: [...reference('person', one.person), { name: 'minutes', valueInteger: one.minutes }],
          })),
          ...entries.map((entry) => ({
            name: 'entry',
            part: [
              ...reference('source', entry.source),
              { name: 'date', valueDate: entry.date },
              { name: 'minutes', valueInteger: entry.minutes },
              { name: 'basis', valueCode: entry.basis },
            ],
          })),
        ],
      })),
    ],
  }
  return parameters as unknown as Resource
}

/** A line for each entry, with what the patient's month comes to. */
const csvOf = (period: string, ledger: readonly PatientTime[]): string => {
  const header = ['period', 'patient', 'person', 'date', 'source', 'minutes', 'basis', 'patient_minutes']
  const reachedColumns = THRESHOLDS.map((threshold) => `reached_${threshold}`)
  const lines = ledger.flatMap(({ minutes, reached, entries }) =>
    entries.map((entry) => [
      ...[period, entry.patient, entry.person, entry.date, entry.source, String(entry.minutes), entry.basis],
      String(minutes),
      ...THRESHOLDS.map((threshold) => String(reached.includes(threshold))),
    ]),
  )
  return [[...header, ...reachedColumns], ...lines].map((cells) => `${cells.map(cellOf).join()}\r\n`).join('')
}
