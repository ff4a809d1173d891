import { setTimeout as delay } from 'node:timers/promises'
import type { Bundle, CapabilityStatement } from 'fhir/r4'
import { parseJson, stringifyJson } from '../../lib/json.ts'
import { CannotLoad } from './cannot-load.ts'

export interface Answer {
  status: number
  /** parsed JSON, or undefined when the answer is none */
  body: unknown
}

/** The service, as far as loading needs it. */
export interface FhirServer {
  readonly base: string
  /** Types whose resources can be put. @throws CannotLoad when the server does not answer or cannot be loaded into */
  served(): Promise<ReadonlySet<string>>
  /** Posts a Bundle. @throws CannotLoad when the server stays silent, Interrupted when told to stop between two attempts */
  post(bundle: Bundle): Promise<Answer>
  /** Whether `Type/id` was ever there. */
  knows(reference: string): Promise<boolean>
}

export interface FhirServerParts {
  base: string
  token?: string
  /** ends the waiting between attempts; a request under way is finished */
  stopping?: AbortSignal
  /** told of each attempt that will be repeated */
  onRetry?: (reason: string) => void
  /** milliseconds before the second attempt; doubles from there */
  patience?: number
}

/** Told to stop while waiting to try again. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

const ATTEMPTS = 7
const LONGEST_WAIT_MS = 15_000
/** The server itself gives up after 30 s. */
const ANSWER_WITHIN_MS = 90_000
/** 409: another writer was faster; everything we send can be sent again. 502 and 504 come from what stands before the service. */
const TRY_AGAIN = new Set([409, 429, 502, 503, 504])

const FHIR_JSON = 'application/fhir+json'

const reasonOf = (error: unknown): string => {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  return cause?.code || cause?.message || (error as Error).message
}

const parsed = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

const loadable = (statement: CapabilityStatement): ReadonlySet<string> => {
  const resources = statement.rest?.find(({ mode }) => mode === 'server')?.resource ?? []
  const updatable = resources.filter(({ interaction }) => interaction?.some(({ code }) => code === 'update'))
  if (updatable.length > 0 && updatable.every(({ updateCreate }) => updateCreate === false)) {
    throw new CannotLoad(
      'This server does not let clients choose ids (updateCreate is false in its CapabilityStatement), so loading twice would make duplicates. ' +
        'Allow update-as-create for the tenant while you load.',
    )
  }
  return new Set(updatable.filter(({ updateCreate }) => updateCreate !== false).map(({ type }) => type))
}

/** A client of `base` that keeps connections alive and repeats what a busy server or a lost connection left undone. */
export const createFhirServer = (parts: FhirServerParts): FhirServer => {
  const { base, token, stopping, onRetry, patience = 250 } = parts
  const headers = { accept: FHIR_JSON, ...(token && { authorization: `Bearer ${token}` }) }

  const once = async (path: string, init: RequestInit): Promise<Answer & { retryAfter: number }> => {
    const response = await fetch(base + path, {
      ...init,
      headers: { ...headers, ...init.headers },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const { status } = response
    if (status === 401 || status === 403) {
      await response.body?.cancel()
      throw new CannotLoad(
        `The server refuses us (${status}). Set CARELOOP_TOKEN to a token that may write, or start it with --open.`,
      )
    }
    return {
      status,
      body: parsed(await response.text()),
      retryAfter: Number(response.headers.get('retry-after')) * 1000 || 0,
    }
  }

  const pause = async (attempt: number, atLeast: number, reason: string): Promise<void> => {
    onRetry?.(reason)
    const longest = Math.min(patience * 2 ** attempt, LONGEST_WAIT_MS)
    // Half of it at random, so that the lanes do not come back all at once.
    const wait = Math.max(atLeast, longest / 2 + (Math.random() * longest) / 2)
    await delay(wait, undefined, { signal: stopping }).catch(() => {
      throw new Interrupted(`told to stop while the server was not ready (${reason})`)
    })
  }

  const ask = async (path: string, init: RequestInit, attempts = ATTEMPTS): Promise<Answer> => {
    for (let attempt = 0; ; attempt += 1) {
      const last = attempt + 1 >= attempts
      try {
        const answer = await once(path, init)
        if (last || !TRY_AGAIN.has(answer.status)) return answer
        await pause(attempt, answer.retryAfter, `HTTP ${answer.status}`)
      } catch (error) {
        if (error instanceof CannotLoad || error instanceof Interrupted) throw error
        if (last) throw new CannotLoad(`The server at ${base} does not answer (${reasonOf(error)}).`)
        await pause(attempt, 0, reasonOf(error))
      }
    }
  }

  return {
    base,
    async served() {
      const { status, body } = await ask('/metadata', {}, 2)
      if (status !== 200 || (body as { resourceType?: string } | undefined)?.resourceType !== 'CapabilityStatement') {
        throw new CannotLoad(
          `${base}/metadata gives no CapabilityStatement (${status}): is this the base URL of a FHIR service?`,
        )
      }
      return loadable(body as CapabilityStatement)
    },
    post: (bundle) =>
      ask('', {
        method: 'POST',
        headers: { 'content-type': FHIR_JSON, prefer: 'return=minimal' },
        body: stringifyJson(bundle),
      }),
    async knows(reference) {
      const { status } = await ask(`/${reference}`, {})
      return status === 200 || status === 410
    },
  }
}
