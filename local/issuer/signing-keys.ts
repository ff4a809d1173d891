import type { JSONWebKeySet, JWK } from 'jose'
import { type IssuerFolder, readJson, writeSecret } from './issuer-folder.ts'
import { newPrivateKey, publicPart } from './key-pair.ts'

/** What tokens are signed with. */
export interface SigningKeys {
  current(): JWK
  /** the public parts of all whose tokens are still good */
  published(): JSONWebKeySet
  /** From now on signs with a new key; the one before is still published. */
  rotate(): Promise<void>
}

const PUBLISHED = 2

/** Those of the folder, or a new one. */
export const openSigningKeys = async ({ signingKeys: file }: IssuerFolder): Promise<SigningKeys> => {
  let keys = readJson<{ keys: JWK[] }>(file)?.keys ?? []
  const rotate = async (): Promise<void> => {
    keys = [await newPrivateKey(), ...keys].slice(0, PUBLISHED)
    writeSecret(file, { keys })
  }
  if (!keys.length) await rotate()
  return { current: () => keys[0]!, published: () => ({ keys: keys.map(publicPart) }), rotate }
}
