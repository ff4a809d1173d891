import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Price {
  service: string
  /** US dollars for `per` units */
  usd: number
  per: number
  unit: string
  /** whether it was found in the source at the date of the list */
  confirmed: boolean
  source: string
}

/** The prices of a region at a date: infra/cost/prices.json. */
export interface PriceList {
  region: string
  asOf: string
  prices: Readonly<Record<PriceName, Price>>
}

export type PriceName =
  | 'dynamodb-write-unit'
  | 'dynamodb-read-unit'
  | 'dynamodb-storage'
  | 'dynamodb-pitr'
  | 'backup-storage'
  | 'lambda-request'
  | 'lambda-gb-second'
  | 'api-gateway-request'
  | 'eventbridge-event'
  | 'eventbridge-archive'
  | 'eventbridge-archive-storage'
  | 'kms-key'
  | 'kms-request'
  | 'log-ingestion'
  | 'log-storage'
  | 'alarm-metric'
  | 'custom-metric'
  | 'dashboard'
  | 'web-acl'
  | 'web-acl-rule'
  | 'waf-request'
  | 'secret'
  | 'healthlake-hour'
  | 'healthlake-storage'
  | 'healthlake-query'
  | 'opensearch-m6g-large-hour'
  | 'opensearch-c6g-large-hour'
  | 'opensearch-gp2-storage'

/** How much of what is used; what is not named is not used. */
export type Usage = Readonly<Partial<Record<PriceName, number>>>

/** A usage and what it costs. */
export interface CostLine {
  price: PriceName
  service: string
  unit: string
  quantity: number
  /** US dollars */
  usd: number
  confirmed: boolean
}

export const readPrices = (): PriceList =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'prices.json'), 'utf8')) as PriceList

const entriesOf = (usage: Usage): [PriceName, number][] => Object.entries(usage) as [PriceName, number][]

export const times = (usage: Usage, factor: number): Usage =>
  Object.fromEntries(entriesOf(usage).map(([price, quantity]) => [price, quantity * factor]))

export const plus = (...usages: readonly Usage[]): Usage => {
  const sum: Partial<Record<PriceName, number>> = {}
  for (const [price, quantity] of usages.flatMap(entriesOf)) sum[price] = (sum[price] ?? 0) + quantity
  return sum
}

/** What each thing used costs, in the order in which the usage names them. */
export const linesOf = (usage: Usage, { prices }: PriceList): CostLine[] =>
  entriesOf(usage).map(([price, quantity]) => {
    const { service, unit, usd, per, confirmed } = prices[price]
    return { price, service, unit, quantity, usd: (quantity / per) * usd, confirmed }
  })

export const totalOf = (lines: readonly Pick<CostLine, 'usd'>[]): number => lines.reduce((sum, { usd }) => sum + usd, 0)

/** US dollars by service. */
export const byService = (lines: readonly CostLine[]): Map<string, number> => {
  const sums = new Map<string, number>()
  for (const { service, usd } of lines) sums.set(service, (sums.get(service) ?? 0) + usd)
  return sums
}
