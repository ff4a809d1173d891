/** So many results of one function are kept: what the patients that a process is at work on ask for. */
const MOST = 5_000

/**
 * `compute` for texts, without computing again what was asked for lately. Only for what depends on nothing else, and gives what nobody
 * can change.
 */
export const remembered = <Texts extends readonly string[], Value>(
  compute: (...texts: Texts) => Value,
): ((...texts: Texts) => Value) => {
  const known = new Map<string, Value>()
  return (...texts) => {
    const key = texts.join('\n')
    if (known.has(key)) return known.get(key)!
    const value = compute(...texts)
    if (known.size >= MOST) known.clear()
    known.set(key, value)
    return value
  }
}
