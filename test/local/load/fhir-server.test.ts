import { afterEach, describe, expect, test } from '@jest/globals'
import { CannotLoad } from '../../../local/load/cannot-load.ts'
import { createFhirServer, Interrupted } from '../../../local/load/fhir-server.ts'
import { type FakeFhirServer, type FakeFhirServerOptions, startFakeFhirServer } from './fake-fhir-server.ts'

let fake: FakeFhirServer | undefined
afterEach(async () => {
  await fake?.close()
  fake = undefined
})

const start = async (options: FakeFhirServerOptions = {}, token?: string, stopping?: AbortSignal) => {
  fake = await startFakeFhirServer(options)
  const retries: string[] = []
  const onRetry = (reason: string) => retries.push(reason)
  const server = createFhirServer({
    base: fake.base,
    patience: 1,
    onRetry,
    ...(token && { token }),
    ...(stopping && { stopping }),
  })
  return { server, fake, retries }
}

const empty = { resourceType: 'Bundle', type: 'transaction', entry: [] } as const

describe('createFhirServer', () => {
  test('serves what can be put', async () => {
    const { server } = await start({ types: ['Task', 'Goal'] })
    expect(await server.served()).toEqual(new Set(['Task', 'Goal']))
  })

  test('says so when the server forbids clients to choose ids', async () => {
    const { server } = await start({ updateCreate: false })
    await expect(server.served()).rejects.toThrow('updateCreate')
  })

  test.each([[429], [503], [409], ['drop' as const]])('tries again after %s', async (trouble) => {
    const { server, retries } = await start({ disturb: ({ number }) => (number <= 2 ? trouble : undefined) })
    expect((await server.post({ ...empty, entry: [] })).status).toBe(200)
    expect(retries).toHaveLength(2)
  })

  test('does not try again after a refusal', async () => {
    const { server, fake, retries } = await start({ disturb: () => 422 })
    expect((await server.post({ ...empty, entry: [] })).status).toBe(422)
    expect(fake.requests).toHaveLength(1)
    expect(retries).toEqual([])
  })

  test('gives up on a server that is not there, and on one that wants a token', async () => {
    const silent = createFhirServer({ base: 'http://127.0.0.1:9/fhir', patience: 1 })
    await expect(silent.served()).rejects.toThrow(CannotLoad)
    const { server } = await start({ disturb: () => 401 })
    await expect(server.post({ ...empty, entry: [] })).rejects.toThrow('CARELOOP_TOKEN')
  })

  test('sends the token it was given', async () => {
    const { server, fake } = await start({}, 'secret')
    await server.served()
    expect(fake.requests[0]!.authorization).toBe('Bearer secret')
  })

  test('stops waiting for a busy server when told to', async () => {
    const { server } = await start({ disturb: () => 503 }, undefined, AbortSignal.abort())
    await expect(server.post({ ...empty, entry: [] })).rejects.toThrow(Interrupted)
  })

  test('knows what is or was there', async () => {
    const { server } = await start({ disturb: ({ path }) => (path === '/fhir/Patient/gone' ? 410 : undefined) })
    expect(await server.knows('Patient/gone')).toBe(true)
    expect(await server.knows('Patient/never')).toBe(false)
  })
})
