import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ALARMS, BUDGET_SECTION } from '../../infra/constructs/observability.ts'
import { TenantTemplate } from './tenant-template.ts'

const root = join(import.meta.dirname, '../..')
const text = readFileSync(join(root, 'docs/operations/runbooks.md'), 'utf8')
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
)

const tenant = new TenantTemplate()

test('each alarm of the stack leads to a section that is there', () => {
  const descriptions = Object.values(tenant.all('AWS::CloudWatch::Alarm')).map(({ AlarmDescription }) =>
    String(AlarmDescription),
  )
  expect(descriptions.length).toBeGreaterThan(Object.keys(ALARMS).length)
  for (const description of descriptions) {
    const [, file, section] = /(docs\/\S+\.md)#(\S+)$/.exec(description) ?? []
    expect(file).toBe('docs/operations/runbooks.md')
    expect([...sections.keys()]).toContain(section)
  }
})

test('each section is of an alarm there is, or of the budget', () => {
  expect([...sections.keys()].sort()).toEqual([...Object.keys(ALARMS), BUDGET_SECTION].sort())
})

describe('each section says what it means, who suffers, where to look, what to do and when it is over', () => {
  test.each([...sections])('%s', (_name, section) => {
    for (const part of ['**Means**', '**Look**', '**Fix**', '**Over when**']) expect(section).toContain(part)
    expect(section).toMatch(/```sh\n[^`]+\n```/)
  })
})

test('what the commands call a part of the stack is a part of it', () => {
  const { Resources } = tenant.template.toJSON() as { Resources: Record<string, { Type: string }> }
  const has = (type: string, prefix: string) =>
    Object.entries(Resources).some(([id, resource]) => resource.Type === `AWS::${type}` && id.startsWith(prefix))
  const pages = ['runbooks.md', 'restore.md', 'replay.md', 'keys.md', 'on-call.sh'].map((page) =>
    readFileSync(join(root, 'docs/operations', page), 'utf8'),
  )
  const named = pages.flatMap((page) => [
    ...[...page.matchAll(/\bof ([A-Z]\w+::\w+) ([A-Z]\w+)/g)].map(([, type, id]) => [type!, id!] as const),
    ...[...page.matchAll(/\blog ([A-Z]\w+)/g)].map(([, id]) => ['Logs::LogGroup', id!] as const),
  ])
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter(([type, id]) => !has(type, id))).toEqual([])
})

test('links between the pages of operations lead somewhere', () => {
  const folder = join(root, 'docs/operations')
  const pages = ['runbooks.md', 'restore.md', 'replay.md', 'keys.md', 'cost.md'].map(
    (page) => [join(folder, page), readFileSync(join(folder, page), 'utf8')] as const,
  )
  const index = join(root, 'docs/operations.md')
  const links = [...pages, [index, readFileSync(index, 'utf8')] as const].flatMap(([page, markdown]) =>
    [...markdown.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(
      ([, target, anchor]) => [target ? join(dirname(page), target) : page, anchor] as const,
    ),
  )
  expect(links.length).toBeGreaterThan(20)
  const anchorOf = (heading: string) => heading.toLowerCase().replaceAll(' ', '-')
  for (const [file, anchor] of links) {
    const target = readFileSync(file, 'utf8')
    const anchors = [...target.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!))
    if (anchor) expect(anchors).toContain(anchor)
  }
})
