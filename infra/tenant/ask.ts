import { createInterface } from 'node:readline/promises'
import type { Answers } from './add.ts'

/** What the command line has said. */
export interface Given {
  name?: string | undefined
  'time-zone'?: string | undefined
  issuer?: string | undefined
  account?: string | undefined
  region?: string | undefined
  email?: readonly string[] | undefined
  canary?: boolean | undefined
  budget?: string | undefined
}

type Question = (text: string, byDefault: string) => Promise<string>

const answersOf = async (given: Given, question: Question): Promise<Answers> => {
  const name = given.name ?? (await question('Name of the organization', ''))
  const timeZone = given['time-zone'] ?? (await question('Time zone', 'America/New_York'))
  const issuer =
    given.issuer ?? (await question('Issuer of access tokens, https://… (without one nobody is let in)', ''))
  const account = given.account ?? (await question('AWS account (12 digits; empty: of the credentials)', ''))
  const region = given.region ?? (await question('AWS region (empty: of the credentials)', ''))
  const emails = given.email ?? (await question('E-mail addresses for alarms, separated by spaces', '')).split(/\s+/)
  const budget = given.budget ?? (await question('Budget, US dollars a month', '200'))
  const canary = given.canary ?? /^y/i.test(await question('Deploy it before all others (y/n)', 'n'))
  return {
    ...{ name, timeZone, issuer, account, region, canary },
    emails: emails.filter((email) => email !== ''),
    ...(budget && { budgetUsd: Number(budget) }),
  }
}

/** Asks for what was not given; where nobody can be asked, the rest is by default. */
export const ask = async (given: Given): Promise<Answers> => {
  if (!process.stdin.isTTY) return answersOf({ canary: false, ...given }, async (_text, byDefault) => byDefault)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await answersOf(given, async (text, byDefault) => {
      const answer = await terminal.question(`${text}${byDefault && ` [${byDefault}]`}: `)
      return answer.trim() || byDefault
    })
  } finally {
    terminal.close()
  }
}
