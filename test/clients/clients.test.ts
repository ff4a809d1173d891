import { afterAll, beforeAll, describe, jest } from '@jest/globals'
import { type Runtime, startRuntime } from '../../local/careloop-runtime.ts'
import { installPackages } from '../../local/install.mjs'
import { documentedSamples } from './documented-samples.ts'
import { fhirKitClient } from './fhir-kit-client.ts'
import { fhirclient } from './fhirclient.ts'
import { medplumClient } from './medplum-client.ts'

/** Clients that others wrote work unmodified, each as its own documentation says, against the service as `npm start` runs it, with tokens. */
const INSTALL_AND_START_MS = 180_000

let runtime: Runtime
let token: string
beforeAll(async () => {
  installPackages(import.meta.dirname)
  jest.spyOn(console, 'log').mockImplementation(() => undefined)
  runtime = await startRuntime({ port: 0, inMemory: true })
  token = await runtime.token({ scope: 'system/*.cruds' })
}, INSTALL_AND_START_MS)
afterAll(async () => {
  await runtime?.stop()
  jest.restoreAllMocks()
})

const baseUrl = () => runtime.baseUrl
const accessToken = () => token
describe('fhir-kit-client', () => fhirKitClient(baseUrl, accessToken))
describe('fhirclient', () => fhirclient(baseUrl, accessToken))
describe('MedplumClient', () => medplumClient(baseUrl, accessToken))
describe('the samples of docs/api/clients.md', () => documentedSamples(baseUrl, accessToken))
