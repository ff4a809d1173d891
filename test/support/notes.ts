import type { Resource } from '../../lib/fhir.ts'
import {
  compartmentPartition,
  compartmentPrefix,
  listingPartition,
  logPartition,
  type PostingKey,
  shards,
  valuePartition,
} from '../../lib/store/keys.ts'
import type { Indexing } from '../../lib/store/plan-write.ts'
import { resourceOf, type Version } from '../../lib/store/version.ts'
import type { RowStream } from '../../lib/store/walk.ts'

/** A type of resource made up for tests of the store, so that they need neither search nor declarations. */
export interface Note extends Resource, NoteContent {
  resourceType: 'Note'
}

export interface NoteContent {
  owner: string
  patient: string
  tags: string[]
  date?: string
  open: boolean
  identifier?: string
  clocks?: string[]
}

export const orderOf = (note: Pick<Note, 'open' | 'date'>): string => `${note.open ? '0' : '1'}${note.date ?? '~'}`

export const notes: Indexing = {
  postings(resource) {
    const note = resource as Note
    const order = orderOf(note)
    const rows: PostingKey[] = [
      { pk: valuePartition('Note', 'owner', note.owner), prefix: '', order },
      { pk: compartmentPartition(note.patient), prefix: compartmentPrefix('Note'), order },
      { pk: listingPartition('Note'), prefix: '', order },
      ...note.tags.map((tag) => ({ pk: valuePartition('Note', 'tag', tag), prefix: '', order })),
    ]
    if (note.identifier) rows.push({ pk: valuePartition('Note', 'identifier', note.identifier), prefix: '', order })
    return rows
  },
  wakeAt: (resource, woken) =>
    (resource as Note).clocks?.toSorted().find((instant) => woken === undefined || instant > woken),
}

/** A search as lib/search makes one: lists to walk, and what must hold of the resource itself. */
export interface NoteSearch {
  streams: RowStream[]
  matches(note: Note): boolean
  /** in order of change, and not of the date */
  log?: boolean
}

/** Where a walk finds a note when nothing moves. */
export const positionOf = (search: NoteSearch, version: Version): string =>
  `${search.log ? version.updated : orderOf(resourceOf(version) as Note)}#${version.id}`

const list = (pk: string, more: Partial<RowStream> = {}): RowStream => ({ pk, type: 'Note', prefix: '', ...more })

export const byOwner = (...owners: string[]): NoteSearch => ({
  streams: owners.map((owner) => list(valuePartition('Note', 'owner', owner))),
  matches: (note) => owners.includes(note.owner),
})

export const byTag = (tag: string): NoteSearch => ({
  streams: [list(valuePartition('Note', 'tag', tag))],
  matches: (note) => note.tags.includes(tag),
})

export const byPatient = (patient: string): NoteSearch => ({
  streams: [list(compartmentPartition(patient), { prefix: compartmentPrefix('Note') })],
  matches: (note) => note.patient === patient,
})

export const byIdentifier = (identifier: string): NoteSearch => ({
  streams: [list(valuePartition('Note', 'identifier', identifier))],
  matches: (note) => note.identifier === identifier,
})

export const openNotes = (): NoteSearch => ({
  streams: [list(listingPartition('Note'), { from: '0', to: '0' })],
  matches: (note) => note.open,
})

/** Open and closed ones as ranges of their own, as a planner does that bounds the date in both. */
export const datedBetween = (from: string, to: string): NoteSearch => ({
  streams: ['0', '1'].map((flag) => list(listingPartition('Note'), { from: flag + from, to: flag + to })),
  matches: (note) => note.date !== undefined && note.date >= from && note.date <= to,
})

export const everyNote = (): NoteSearch => ({
  streams: shards().map((shard) => list(logPartition('Note', shard), { log: true })),
  matches: () => true,
  log: true,
})
