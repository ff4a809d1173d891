import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { JSONWebKeySet, JWK } from 'jose'
import { type IssuerFolder, readJson, writeSecret } from './issuer-folder.ts'
import { newPrivateKey, publicPart } from './key-pair.ts'

/** What a client needs to be one. */
export interface DevelopmentClient {
  client_id: string
  /** private */
  key: JWK
}

const DEVELOPMENT_CLIENT = 'careloop-development'
const CLIENT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Gives the keys of a client, read when they are needed: who can write to the folder may add clients while the service runs. */
export type FindClient = (clientId: string) => JSONWebKeySet | undefined

/** Registers the client that `npm run token` is, if it is not there yet. */
export const openDevelopmentClients = async (folder: IssuerFolder): Promise<FindClient> => {
  const fileOf = (clientId: string): string => join(folder.clients, `${clientId}.json`)
  if (!existsSync(folder.developmentClient)) {
    const client: DevelopmentClient = { client_id: DEVELOPMENT_CLIENT, key: await newPrivateKey() }
    writeSecret(fileOf(client.client_id), { keys: [publicPart(client.key)] })
    writeSecret(folder.developmentClient, client)
  }
  return (clientId) => (CLIENT_ID.test(clientId) ? readJson<JSONWebKeySet>(fileOf(clientId)) : undefined)
}
