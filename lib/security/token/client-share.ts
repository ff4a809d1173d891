import { hash } from 'node:crypto'

/** The clients of a tenant are dealt into so many shares of what its API can take. */
export const SHARES = 32

/** API Gateway calls it a key; it opens nothing, as only the authorizer can name it. Unique in an account, which tenants may have in common. */
const shareKey = (tenant: string, share: number): string =>
  `careloop-${tenant}-client-share-${String(share).padStart(2, '0')}`

/** All shares of a tenant. */
export const shareKeys = (tenant: string): string[] =>
  Array.from({ length: SHARES }, (_, share) => shareKey(tenant, share))

/** The share of a client: always the same one, so that what it asks for too much is its own lack. */
export const shareOf = (tenant: string, client: string): string =>
  shareKey(tenant, hash('sha256', client, 'buffer').readUInt16BE(0) % SHARES)
