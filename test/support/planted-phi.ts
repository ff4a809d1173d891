import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A patient as no other fixture has one. Whatever is said here of Zebulon must never be seen in a log, an event or an error. */
export const planted = {
  family: 'Quackenbush',
  given: 'Zebulon',
  birthDate: '1931-07-19',
  phone: '+1-907-555-0193',
  email: 'zeb.quackenbush@example.org',
  line: '4711 Ptarmigan Hollow',
  city: 'Unalakleet',
  postalCode: '99684',
  mrn: 'MRN-86753091',
  ssn: '219-09-9999',
  note: 'Drinks again since the funeral of his brother',
} as const

/** What says who or how somebody is, where fixtures are written as code. */
const NAMES = /\b(?:family|city|postalCode|birthDate|email|phone|ssn|mrn)\b'?\s*:\s*\[?\s*'((?:[^'\\\n]|\\.)+)'/g
const LISTS = /\b(?:given|line)\b\s*:\s*\[([^\]\n]+)\]/g
const QUOTED = /'((?:[^'\\\n]|\\.)+)'/g
/** Text that somebody wrote has more than one word; a code has not. */
const TEXTS = /\b(?:text|description|reason|comment)\b\s*:\s*'((?:[^'\\\n]|\\.)* (?:[^'\\\n]|\\.)*)'/g
const CONTACTS = /'(\+\d[\d() .-]{6,}|\d{3}-\d{4}|\d{3}-\d{2}-\d{4}|[\w.+-]+@[\w-]+\.[\w.]+)'/g

/** Shorter phrases are anybody's. */
const isLong = ({ length }: string): boolean => length > 10

const firsts = (source: string, pattern: RegExp): string[] => [...source.matchAll(pattern)].map(([, text]) => text!)

/** Names, addresses, numbers and free text in test code. */
export const phiInCode = (source: string): string[] => [
  ...firsts(source, NAMES),
  ...firsts(source, LISTS).flatMap((list) => firsts(list, QUOTED)),
  ...firsts(source, TEXTS).filter(isLong),
  ...firsts(source, CONTACTS),
]

const PERSONAL = ['family', 'given', 'birthDate', 'line', 'city', 'postalCode', 'telecom.value', 'identifier.value']
const WRITTEN = ['text', 'description']
const WITH_VALUE = ['telecom', 'identifier']

/** The same in a resource. */
export const phiInResource = (node: unknown, within = ''): string[] => {
  if (Array.isArray(node)) return node.flatMap((each) => phiInResource(each, within))
  if (node && typeof node === 'object')
    return Object.entries(node).flatMap(([name, value]) =>
      phiInResource(value, WITH_VALUE.includes(within) ? `${within}.${name}` : name),
    )
  if (typeof node !== 'string') return []
  return PERSONAL.includes(within) || (WRITTEN.includes(within) && node.includes(' ') && isLong(node)) ? [node] : []
}

/** Below this length a text is in many others by chance. */
const SHORTEST = 4
const isTelling = (text: string): boolean => text.length >= SHORTEST && !text.includes('${')

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => join(folder, name))

/** Everything in the fixtures that must not be in a log. */
export const plantedPhi = (root: string): ReadonlySet<string> => {
  const ofCode = filesIn(join(root, 'test'), '.ts').flatMap((file) => phiInCode(readFileSync(file, 'utf8')))
  const ofExamples = filesIn(join(root, 'fhir-profiles/examples'), '.json').flatMap((file) =>
    phiInResource(JSON.parse(readFileSync(file, 'utf8'))),
  )
  return new Set([...Object.values(planted), ...ofCode, ...ofExamples].filter(isTelling))
}
