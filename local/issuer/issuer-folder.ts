import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where the development issuer keeps its keys and those of its clients, for nobody but this user. */
export interface IssuerFolder {
  /** the private keys that tokens are signed with */
  signingKeys: string
  /** the client that `npm run token` is, with its private key */
  developmentClient: string
  /** a JWKS of public keys for each client: `<client id>.json` */
  clients: string
  /** forgets everything, where nothing is to be kept */
  release(): void
}

const NOBODY_ELSE = 0o700

/** In `kept`, or in a folder that is gone with the runtime. */
export const openIssuerFolder = (kept: string | undefined): IssuerFolder => {
  const path = kept === undefined ? mkdtempSync(join(tmpdir(), 'careloop-issuer-')) : resolve(kept)
  const clients = join(path, 'clients')
  mkdirSync(path, { recursive: true, mode: NOBODY_ELSE })
  mkdirSync(clients, { recursive: true, mode: NOBODY_ELSE })
  return {
    signingKeys: join(path, 'signing-keys.json'),
    developmentClient: join(path, 'development-client.json'),
    clients,
    release: () => kept === undefined && rmSync(path, { recursive: true, force: true }),
  }
}

export const readJson = <T>(file: string): T | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined

/** Nobody but this user may read it. */
export const writeSecret = (file: string, content: unknown): void =>
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
