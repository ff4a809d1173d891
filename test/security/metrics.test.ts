import { expect, test } from '@jest/globals'
import { FIELDS } from '../../lib/log.ts'
import { TenantTemplate } from '../infra/tenant-template.ts'

interface MetricFilter {
  FilterPattern: string
  MetricTransformations: { MetricValue: string; Dimensions?: unknown }[]
}

test('metrics count lines and take numbers from fields of the log: nothing of a line becomes a name or a dimension', () => {
  const filters = Object.values(new TenantTemplate().all('AWS::Logs::MetricFilter')) as unknown as MetricFilter[]
  expect(filters.length).toBeGreaterThan(3)
  for (const { FilterPattern, MetricTransformations } of filters) {
    const read = [...FilterPattern.matchAll(/\$\.(\w+)/g)].map(([, field]) => field!)
    for (const { MetricValue, Dimensions } of MetricTransformations) {
      expect(Dimensions).toBeUndefined()
      expect(MetricValue).toMatch(/^(1|\$\.\w+)$/)
      if (MetricValue !== '1') {
        read.push(MetricValue.slice(2))
        expect(FIELDS[MetricValue.slice(2) as keyof typeof FIELDS]).toBe('number')
      }
    }
    expect(Object.keys(FIELDS)).toEqual(expect.arrayContaining(read))
  }
})
