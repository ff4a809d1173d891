/** What is not measured and not in the template. Each is on the safe side where it is a guess. */
export const ASSUMPTIONS = {
  hoursAMonth: 730,
  /** Of waiting for DynamoDB for each call, one after the other; many are at the same time. */
  millisecondsACall: 5,
  /** With so much memory a function has one processor, and a part of it with less. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
  megabytesAProcessor: 1769,
  /** Clients send several requests within the minute that API Gateway remembers a token. */
  authorizerRunsARequest: 0.1,
  authorizerMilliseconds: 20,
  /** One line each of API Gateway and function, and Lambda's own three lines a run. */
  logBytesARequest: 400,
  logBytesARun: 600,
  /** What an event has in the archive besides its detail. */
  eventBytesAround: 500,
  /** One for each event on an encrypted bus: an upper bound. */
  kmsRequestsAnEvent: 1,
  /** DynamoDB and CloudWatch Logs ask again for a key they use: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html */
  minutesAKeyIsKept: 5,
  /** Who uses the key when nothing happens: the table for the clocks, their log, the stream. */
  usersOfTheKeyWhenIdle: 3,
  /** Two queries of nothing for half a unit each. */
  readUnitsATick: 1,
  tickMilliseconds: 30,
  /** CloudWatch Logs bills what it keeps compressed. */
  logCompression: 0.15,
} as const

export type Assumptions = { readonly [Name in keyof typeof ASSUMPTIONS]: number }
