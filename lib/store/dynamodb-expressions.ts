import { compareKeys } from './order.ts'
import type { Condition, RowQuery } from './table.ts'

/** A condition as the parameters of a put. */
export const conditionOf = (condition: Condition) => {
  if (condition === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' }
  const wanted = Object.entries(condition)
  if (!wanted.length) return {}
  const given = wanted.filter(([, value]) => value !== undefined)
  return {
    ConditionExpression: wanted
      .map(([name, value]) => (value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`))
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(wanted.map(([name]) => [`#${name}`, name])),
    ...(given.length && {
      ExpressionAttributeValues: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
    }),
  }
}

export interface Bounds {
  from?: string
  to?: string
  after?: string
}

/** The bounds as DynamoDB takes them, which refuses empty keys, crossed bounds and a start outside of them; undefined: nothing can be there. */
export const boundsOf = ({ from, to, after, descending = false }: RowQuery): Bounds | undefined => {
  if (to === '' || (from && to !== undefined && compareKeys(from, to) > 0)) return undefined
  const bounds = { ...(from && { from }), ...(to !== undefined && { to }) }
  if (after === undefined) return bounds
  const [near, far] = descending ? [to, from || undefined] : [from || undefined, to]
  const beyond = (key: string) => (descending ? compareKeys(key, after) : compareKeys(after, key))
  if (far !== undefined && beyond(far) >= 0) return undefined
  if (after === '') return descending ? undefined : bounds
  return near !== undefined && beyond(near) < 0 ? bounds : { ...bounds, after }
}

/** A partition and bounds of its sort keys as the parameters of a query. */
export const keyCondition = (pk: string, { from, to }: Bounds) => {
  const range = from && to ? ' AND #sk BETWEEN :from AND :to' : from ? ' AND #sk >= :from' : to ? ' AND #sk <= :to' : ''
  return {
    KeyConditionExpression: `#pk = :pk${range}`,
    ExpressionAttributeNames: { '#pk': 'pk', ...(range && { '#sk': 'sk' }) },
    ExpressionAttributeValues: { ':pk': pk, ...(from && { ':from': from }), ...(to && { ':to': to }) },
  }
}
