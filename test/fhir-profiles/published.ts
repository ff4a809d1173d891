import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Where published FHIR packages and examples are, when they are there: none of them is part of the project. */
export const data = process.env.CARELOOP_DATA ?? join(import.meta.dirname, '../../../shared/data')

export const corePackage = join(data, 'packages/hl7.fhir.r4.core-4.0.1.tgz')
export const usCorePackage = join(data, 'packages/hl7.fhir.us.core-8.0.0.tgz')
export const hasPackages = existsSync(corePackage) && existsSync(usCorePackage)

/** All JSON files below a folder of the data; none when it is not there. */
export const jsonFiles = (folder: string): string[] => {
  const path = join(data, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => name.endsWith('.json') && statSync(name).isFile())
}
