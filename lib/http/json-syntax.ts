/** A place in a text, both counted from 1. */
export interface Place {
  line: number
  column: number
}

const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y
const FIRST_PRINTABLE = 0x20

/** How deep objects and arrays are nested: 1 for `{}`. Of text that is not JSON the answer means nothing. */
export const nestingOf = (text: string): number => {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (inString) {
      if (character === BACKSLASH) index++
      else if (character === QUOTE) inString = false
    } else if (character === QUOTE) inString = true
    else if (character === OPEN_BRACE || character === OPEN_BRACKET) deepest = Math.max(deepest, ++depth)
    else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) depth--
  }
  return deepest
}
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/**
 * Where a text that `JSON.parse` has refused stops being JSON. V8's own message tells the place only sometimes, and quotes the text,
 * which nobody's log or answer may hold.
 */
export const placeOfSyntaxError = (text: string): Place => {
  const before = text.slice(0, validLength(text))
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: before.length - lineStart + 1 }
}

/** Reads JSON from left to right as far as it is JSON. */
class Scanner {
  position = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  space(): void {
    while (' \t\n\r'.includes(this.text[this.position] ?? '?')) this.position += 1
  }

  take(character: string): boolean {
    if (this.text[this.position] !== character) return false
    this.position += 1
    return true
  }

  scalar(): boolean {
    return this.match(SCALAR)
  }

  /** Stays in front of a string that is not one, or that does not end. */
  string(): boolean {
    const start = this.position
    if (!this.take('"')) return false
    for (;;) {
      const character = this.text.charCodeAt(this.position)
      if (character === QUOTE) {
        this.position += 1
        return true
      }
      const legal = character === BACKSLASH ? this.match(ESCAPE) : character >= FIRST_PRINTABLE
      if (!legal) {
        if (this.position >= this.text.length) this.position = start
        return false
      }
      if (character !== BACKSLASH) this.position += 1
    }
  }

  /** The name of a member, and its colon. */
  name(): boolean {
    this.space()
    if (!this.string()) return false
    this.space()
    return this.take(':')
  }

  private match(pattern: RegExp): boolean {
    pattern.lastIndex = this.position
    if (!pattern.test(this.text)) return false
    this.position = pattern.lastIndex
    return true
  }
}

/** The length of the longest start of the text that JSON can begin with, in whole tokens. */
const validLength = (text: string): number => {
  const scanner = new Scanner(text)
  const open: ('}' | ']')[] = []
  for (;;) {
    // A value is due.
    scanner.space()
    const end = scanner.take('{') ? '}' : scanner.take('[') ? ']' : undefined
    if (end) {
      scanner.space()
      if (!scanner.take(end)) {
        open.push(end)
        if (end === '}' && !scanner.name()) return scanner.position
        continue
      }
    } else if (!scanner.string() && !scanner.scalar()) return scanner.position
    // A value is done: what may follow depends on what is open.
    for (;;) {
      scanner.space()
      const container = open.at(-1)
      if (container === undefined) return scanner.position
      if (scanner.take(',')) break
      if (!scanner.take(container)) return scanner.position
      open.pop()
    }
    if (open.at(-1) === '}' && !scanner.name()) return scanner.position
  }
}
