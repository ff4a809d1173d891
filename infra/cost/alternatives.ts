import type { Assumptions } from './assumptions.ts'
import type { Usage } from './usage.ts'

/** What is asked of a service in a month. */
export interface Demand {
  requests: number
  storedGigabytes: number
}

const INCLUDED_GIGABYTES = 10
const INCLUDED_QUERIES_AN_HOUR = 3_500

/** AWS HealthLake: one data store, always on. https://aws.amazon.com/healthlake/pricing/ */
export const healthLakeUsage = ({ requests, storedGigabytes }: Demand, { hoursAMonth }: Assumptions): Usage => ({
  'healthlake-hour': hoursAMonth,
  'healthlake-storage': Math.max(0, storedGigabytes - INCLUDED_GIGABYTES),
  'healthlake-query': Math.max(0, requests - INCLUDED_QUERIES_AN_HOUR * hoursAMonth),
})

/** The OpenSearch domain of FHIR Works on AWS; what else it uses (API Gateway, Lambda, DynamoDB) comes on top with each request. */
export type FhirWorksStage = 'dev' | 'production'

/** https://github.com/awslabs/fhir-works-on-aws-deployment/blob/mainline/cloudformation/elasticsearch.yaml */
export const fhirWorksUsage = (stage: FhirWorksStage, { hoursAMonth }: Assumptions): Usage =>
  stage === 'dev'
    ? { 'opensearch-c6g-large-hour': hoursAMonth, 'opensearch-gp2-storage': 10, 'kms-key': 4 }
    : {
        'opensearch-m6g-large-hour': 4 * hoursAMonth,
        'opensearch-c6g-large-hour': 3 * hoursAMonth,
        'opensearch-gp2-storage': 4 * 73,
        'kms-key': 4,
      }
