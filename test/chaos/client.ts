import { parseJson, stringifyJson } from '../../lib/json.ts'
import { type Deed, type Journal, type Named, outcomeOf } from './journal.ts'
import type { Scene } from './scene.ts'

export interface Answered<Body = Record<string, unknown>> {
  status: number
  body: Body
  location?: string
  version?: number
}

const LONGEST_WAIT_MS = 90_000

const versionIn = (etag: string | null): number | undefined => {
  const version = /^W\/"(\d+)"$/.exec(etag ?? '')?.[1]
  return version === undefined ? undefined : Number(version)
}

const referenceIn = (location: string): Named => {
  const [type, id, , version] = location.split('/').slice(-4)
  return { reference: `${type}/${id}`, version: Number(version) }
}

/** A client of the service, which keeps a journal. */
export const createClient = (scene: Scene, journal: Journal) => {
  /** undefined: no answer came */
  const send = async <Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered<Body> | undefined> => {
    const base = await scene.service()
    journal.requests += 1
    try {
      const answer = await fetch(`${base}${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/fhir+json' }), ...headers },
        ...(body !== undefined && { body: stringifyJson(body) }),
        signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      })
      const text = await answer.text()
      journal.answered(answer.status)
      const location = answer.headers.get('location')
      const version = versionIn(answer.headers.get('etag'))
      return {
        status: answer.status,
        body: (/json/.test(answer.headers.get('content-type') ?? '') ? parseJson(text) : undefined) as Body,
        ...(location && { location }),
        ...(version !== undefined && { version }),
      }
    } catch {
      journal.answered(undefined)
      return undefined
    }
  }

  /** Does a deed once; the journal has what is known of it from then on. Again for one that is done once more. */
  const attempt = async (
    deed: Deed,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answered | undefined> => {
    deed.attempts += 1
    const answer = await send(method, path, body, headers)
    const outcome = outcomeOf(answer?.status)
    // A refusal tells nothing of an attempt before that was not answered.
    deed.outcome = outcome === 'refused' && deed.attempts > 1 ? 'unknown' : outcome
    if (answer && outcome === 'acknowledged') deed.named = namedIn(answer, path)
    return answer
  }

  return {
    send,
    attempt,

    /** Asks until there is an answer other than a failure; undefined: the storm is over. */
    async read<Body = Record<string, unknown>>(path: string): Promise<Answered<Body> | undefined> {
      while (!scene.isOver()) {
        const answer = await send<Body>('GET', path)
        if (answer && outcomeOf(answer.status) !== 'unknown') return answer
      }
      return undefined
    },
  }
}

export type Client = ReturnType<typeof createClient>

const namedIn = ({ body, location, version }: Answered, path: string): Named[] => {
  const { entry } = (body ?? {}) as { entry?: { response: { location?: string } }[] }
  if (entry) return entry.flatMap(({ response }) => (response.location ? [referenceIn(response.location)] : []))
  if (location) return [referenceIn(location)]
  return version === undefined ? [] : [{ reference: path.slice(1), version }]
}
