/** A component of an iCalendar text: its properties by name, without parameters, and what it holds. */
export interface Component {
  name: string
  properties: Record<string, string>
  components: Component[]
}

const CRLF = '\r\n'
/** https://www.rfc-editor.org/rfc/rfc5545#section-3.1: without the line break */
const LONGEST_OCTETS = 75

const isNameCharacter = (character: string): boolean =>
  (character >= 'A' && character <= 'Z') || (character >= '0' && character <= '9') || character === '-'

/** Name, parameters and value of an unfolded content line. @throws Error for what RFC 5545 does not allow */
const contentLine = (line: string): { name: string; value: string } => {
  let quoted = false
  const colon = [...line].findIndex((character) => {
    if (character === '"') quoted = !quoted
    return character === ':' && !quoted
  })
  if (colon < 1) throw new Error(`no value: ${line}`)
  const [name = '', ...parameters] = line.slice(0, colon).split(';')
  if (!name || ![...name].every(isNameCharacter)) throw new Error(`no name: ${line}`)
  if (parameters.some((parameter) => !parameter.includes('='))) throw new Error(`no parameter: ${line}`)
  return { name, value: line.slice(colon + 1) }
}

/** The one component of an iCalendar text, its lines checked by the rules for folding. @throws Error */
export const parseICalendar = (text: string): Component => {
  if (!text.endsWith(CRLF)) throw new Error('does not end with CRLF')
  if (text.replaceAll(CRLF, '').includes('\n') || text.replaceAll(CRLF, '').includes('\r'))
    throw new Error('a line break that is not CRLF')
  const physical = text.slice(0, -CRLF.length).split(CRLF)
  for (const line of physical)
    if (Buffer.byteLength(line) > LONGEST_OCTETS) throw new Error(`more than 75 octets: ${line}`)
  const logical: string[] = []
  for (const line of physical) {
    if (line.startsWith(' ') || line.startsWith('\t')) logical[logical.length - 1] += line.slice(1)
    else if (line) logical.push(line)
    else throw new Error('an empty line')
  }
  const root: Component = { name: '', properties: {}, components: [] }
  const open = [root]
  for (const { name, value } of logical.map(contentLine)) {
    const current = open.at(-1)!
    if (name === 'BEGIN') {
      const component = { name: value, properties: {}, components: [] }
      current.components.push(component)
      open.push(component)
    } else if (name === 'END') {
      if (current.name !== value) throw new Error(`${value} ends where ${current.name} is open`)
      open.pop()
    } else {
      if (current === root) throw new Error(`outside of a component: ${name}`)
      if (name in current.properties) throw new Error(`${name} twice in ${current.name}`)
      current.properties[name] = value
    }
  }
  if (open.length !== 1 || root.components.length !== 1) throw new Error('not one whole component')
  return root.components[0]!
}
