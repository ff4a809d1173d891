/** What an issuer publishes is small and at hand. */
const LARGEST_BYTES = 64 * 1024
const ANSWER_WITHIN_MS = 3_000

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Whether nobody on the way can change what is there: it is fetched by TLS, or does not leave this machine. */
export const isTrustworthy = (url: string, { loopback }: { loopback: boolean }): boolean => {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || (loopback && protocol === 'http:' && LOOPBACK.test(hostname))
}

/** Whether the issuer is one on this machine, for development. */
export const isLoopback = (issuer: string): boolean =>
  issuer.startsWith('http:') && isTrustworthy(issuer, { loopback: true })

/** The JSON at `url`, of at most 64 KB, within 3 seconds and without going elsewhere. @throws Error that names no content */
export const fetchJson = async (url: string): Promise<unknown> => {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new Error(`the issuer answered ${response.status}`)
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    // Leaving the loop ends the connection.
    if (bytes > LARGEST_BYTES) throw new Error('the issuer answered more than 64 KB')
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
