/** Waits that many milliseconds. Tests put one in that does not. */
export type Sleep = (milliseconds: number) => Promise<void>

export const sleep: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const FIRST_MS = 25
const LONGEST_MS = 1_600

/** How long to wait before retry number `attempt` (from 0): exponential with full jitter, so that rivals do not meet again. */
export const backoff = (attempt: number): number => Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt)

/**
 * Runs `work` on every element, at most `bound` at a time. After a failure nothing more is begun; what runs is waited for, and
 * then the first failure is thrown, so that nothing goes on behind the caller's back.
 */
export const boundedly = async <T, R>(
  elements: readonly T[],
  bound: number,
  work: (element: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = []
  const failures: unknown[] = []
  let next = 0
  const worker = async () => {
    while (next < elements.length && !failures.length) {
      const index = next++
      try {
        results[index] = await work(elements[index]!)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(bound, elements.length) }, worker))
  if (failures.length) throw failures[0]
  return results
}

export const chunksOf = <T>(elements: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(elements.length / size) }, (_, chunk) =>
    elements.slice(chunk * size, (chunk + 1) * size),
  )
