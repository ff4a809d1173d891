import type { Promises } from '../simulate/promises.ts'
import { type Journal, markIn } from './journal.ts'
import type { Stored } from './stored.ts'

/** Where each mark came into the world: the first version of a resource that carries it, by resource. */
const birthsOf = ({ histories }: Stored): Map<string, Map<string, number[]>> => {
  const births = new Map<string, Map<string, number[]>>()
  for (const [reference, versions] of histories) {
    if (reference.startsWith('AuditEvent/')) continue
    let before: string | undefined
    for (const version of versions) {
      const mark = version.deleted ? undefined : markIn(version.text)
      if (mark !== undefined && mark !== before) {
        const places = births.get(mark) ?? new Map<string, number[]>()
        places.set(reference, [...(places.get(reference) ?? []), version.v])
        births.set(mark, places)
      }
      before = mark
    }
  }
  return births
}

/** The resources that clients have made, and not the automation. */
export const writtenIn = ({ histories }: Stored): Set<string> =>
  new Set([...histories].flatMap(([reference, [first]]) => (markIn(first!.text) === undefined ? [] : [reference])))

/** Holds what clients were told against what is stored. */
export const checkWrites = (journal: Journal, stored: Stored, promises: Promises): void => {
  const births = birthsOf(stored)
  const acknowledged = promises.check('Every acknowledged write is there, under the version it was acknowledged as')
  const refused = promises.check('Nothing of a refused write is there')
  const unknown = promises.check('A write that was not answered is there wholly or not at all')
  const once = promises.check('No write is there twice')
  const own = promises.check('No two writes were acknowledged as the same version')
  const versions = new Set<string>()

  for (const { mark, kind, outcome, named, size, deletes } of journal.deeds) {
    const places = births.get(mark) ?? new Map<string, number[]>()
    const text = `${kind} ${mark}`
    if (deletes) {
      const after = stored.histories.get(deletes.reference)?.filter(({ v }) => v > deletes.version) ?? []
      if (outcome === 'acknowledged')
        acknowledged(
          text,
          after.some(({ deleted }) => deleted),
        )
      continue
    }
    if (outcome === 'refused') refused(`${text}: ${[...places.keys()]}`, places.size === 0)
    if (outcome === 'unknown') unknown(`${text}: ${places.size} of ${size}`, places.size === 0 || places.size === size)
    for (const [reference, at] of places) once(`${text}: ${reference} ${at}`, at.length === 1)
    if (outcome !== 'acknowledged') continue
    acknowledged(`${text}: ${places.size} of ${size}`, places.size === size)
    if (size === 0) continue
    for (const { reference, version } of named) {
      acknowledged(
        `${text}: ${reference} ${version}, there as ${places.get(reference)}`,
        places.get(reference)?.includes(version) === true,
      )
      own(`${text}: ${reference} ${version}`, !versions.has(`${reference} ${version}`))
      versions.add(`${reference} ${version}`)
    }
  }

  const whole = promises.check('Every history is whole, from version 1 to the current one')
  for (const [reference, history] of stored.histories)
    whole(
      `${reference} ${history.map(({ v }) => v)}`,
      history.every(({ v }, index) => v === index + 1),
    )

  const alone = promises.check('No two conditional creates made a resource on the same criteria')
  const conditional = journal.deeds.filter(({ identifier }) => identifier !== undefined)
  for (const [identifier, deeds] of Map.groupBy(conditional, (deed) => deed.identifier)) {
    const made = new Set(deeds.flatMap(({ mark }) => [...(births.get(mark)?.keys() ?? [])]))
    const told = deeds.filter(({ outcome }) => outcome === 'acknowledged').flatMap(({ named }) => named)
    const all = new Set([...made, ...told.map(({ reference }) => reference)])
    alone(`${identifier}: ${[...all]}`, all.size <= 1)
  }
}
