import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { Parameter } from '../interactions/interaction.ts'
import { decodeSegments } from '../interactions/relative-url.ts'
import type { Exchange, Step } from './exchange.ts'
import { partPath } from './open-exchange.ts'

/** They shape the answer and are no parameters of any interaction. https://hl7.org/fhir/R4/http.html#parameters */
const ABOUT_THE_ANSWER = new Set(['_format', '_pretty'])

/** A REST API hands the path over as it came, but decodes the query. */
export const readUrl = (): Step => ({
  before({ event: exchange }) {
    exchange.segments = decodeSegments(partPath(exchange.event.path)[1])
    addParameters(exchange, queryOf(exchange.event))
  },
})

/** Takes parameters in, of the URL or of a form. */
export const addParameters = (exchange: Exchange, parameters: readonly Parameter[]): void => {
  exchange.query = [...exchange.query, ...parameters.filter(([name]) => !ABOUT_THE_ANSWER.has(name))]
  exchange.format ??= parameters.find(([name]) => name === '_format')?.[1]
  exchange.pretty ||= parameters.some(([name, value]) => name === '_pretty' && value === 'true')
}

const queryOf = ({ multiValueQueryStringParameters, queryStringParameters }: APIGatewayProxyEvent): Parameter[] =>
  multiValueQueryStringParameters
    ? Object.entries(multiValueQueryStringParameters).flatMap(([name, values]) =>
        (values ?? []).map((value) => [name, value] as const),
      )
    : Object.entries(queryStringParameters ?? {}).map(([name, value]) => [name, value ?? ''] as const)
