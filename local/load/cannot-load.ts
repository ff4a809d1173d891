/** The run cannot go on, for a reason the person at the terminal can act on: its message is all that is shown. */
export class CannotLoad extends Error {
  override readonly name = 'CannotLoad'
}

/** One file cannot be read as FHIR; the others can. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
}
