import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { CarePlan, Encounter, Patient, Task } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import type { Resource } from '../../lib/fhir.ts'
import { tenantAt } from './pathways.ts'

const data = join(process.env.CARELOOP_DATA ?? join(import.meta.dirname, '../../../shared/data'), 'synthea')
const files = !existsSync(data)
  ? []
  : readdirSync(data)
      .filter((generation) => !generation.startsWith('0-'))
      .flatMap((generation) => readdirSync(join(data, generation)).map((file) => join(data, generation, file)))

/** The patients and stays of a transaction Bundle, with references as the server would resolve them. */
const stays = (file: string): Resource[] => {
  const text = readFileSync(file, 'utf8')
  const { entry } = JSON.parse(text) as { entry: { fullUrl: string; resource: Resource }[] }
  const idOf = (fullUrl: string): string => fullUrl.replace('urn:uuid:', '')
  const references = new Map(
    entry.map(({ fullUrl, resource: { resourceType } }) => [fullUrl, `${resourceType}/${idOf(fullUrl)}`]),
  )
  return entry
    .filter(({ resource }) => ['Patient', 'Encounter'].includes(resource.resourceType))
    .map(({ fullUrl, resource }) => {
      const json = JSON.stringify({ ...resource, id: idOf(fullUrl) })
      return JSON.parse(json.replace(/"(urn:uuid:[^"]+)"/g, (_, url) => `"${references.get(url) ?? url}"`))
    })
}

const describeData = files.length ? describe : describe.skip

describeData('every stay of the Synthea patients (skipped when the data is not there)', () => {
  test('gets one plan with its Tasks, due when they must be, unless the patient died', async () => {
    let plans = 0
    for (const file of files) {
      const tenant = await tenantAt('2026-11-22T12:00:00.000Z', { lateNoticeDays: 100_000 })
      const resources = stays(file)
      for (const resource of resources) await tenant.put(resource)
      await tenant.settle()

      const patient = resources.find(({ resourceType }) => resourceType === 'Patient') as unknown as Patient
      const discharges = (resources as unknown as Encounter[]).filter(
        ({ resourceType, class: stay }) => resourceType === 'Encounter' && stay.code === 'IMP',
      )
      const expected = patient.deceasedDateTime ? [] : discharges
      const found = await tenant.all<CarePlan>('CarePlan')
      expect(found.map(({ encounter }) => encounter!.reference).sort()).toEqual(
        expected.map(({ id }) => `Encounter/${id}`).sort(),
      )
      const tasks = await tenant.all<Task>('Task', 'code=tcm-interactive-contact')
      expect(tasks).toHaveLength(expected.length)
      for (const { restriction } of tasks) {
        const [discharge, due] = [restriction!.period!.start!, restriction!.period!.end!].map((dateTime) =>
          Temporal.Instant.from(dateTime).toZonedDateTimeISO('America/Chicago').toPlainDate(),
        )
        expect(due!.dayOfWeek).toBeLessThan(6)
        expect(discharge!.until(due!).days).toBeGreaterThanOrEqual(2)
        expect(discharge!.until(due!).days).toBeLessThanOrEqual(6)
      }
      plans += found.length
    }
    expect(plans).toBeGreaterThan(50)
  })
})
