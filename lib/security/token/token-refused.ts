/** What is wrong with a token, for the log; a client is told no more than that it is invalid. */
export type Refusal =
  | 'malformed'
  | 'algorithm'
  | 'type'
  | 'key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not-yet-valid'
  | 'lifetime'
  | 'claims'
  | 'no-issuer'

/** A token is not believed. Carries nothing of the token. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(`the token was refused: ${refusal}`)
    this.refusal = refusal
  }
}

/** Nothing can be said of a token, because the keys of its issuer could not be got. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}
