import { expect, test } from '@jest/globals'
import { deepLinkOf, isRecipient, refOf } from '../../../../lib/follow-up/feeds/notification.ts'

test('a Task has one short name, which says nothing', () => {
  expect(refOf('call-amelia-brandt')).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}$/)
  expect(refOf('call-amelia-brandt')).toBe(refOf('call-amelia-brandt'))
  expect(new Set(['a', 'b', 'c', 'd'].map(refOf)).size).toBe(4)
})

test('a link holds an id only when the service made it up', () => {
  const id = '019ab6f2-93d1-7c0b-9a53-3c3d1c7a0c11'
  expect(deepLinkOf('https://care.example.org/tasks', { id })).toBe(`https://care.example.org/tasks/${id}`)
  expect(deepLinkOf('https://care.example.org/tasks', { id: 'call-amelia-brandt' })).toBe(
    'https://care.example.org/tasks',
  )
})

test('nobody is told who does not work here', () => {
  expect(['Practitioner/a', 'PractitionerRole/b', 'CareTeam/c'].every(isRecipient)).toBe(true)
  expect(['Patient/a', 'RelatedPerson/b', 'https://x/Practitioner/a', undefined].some(isRecipient)).toBe(false)
})
