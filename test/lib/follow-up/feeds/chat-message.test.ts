import { expect, test } from '@jest/globals'
import { chatMessage } from '../../../../lib/follow-up/feeds/chat-message.ts'
import { type Notification, refOf } from '../../../../lib/follow-up/feeds/notification.ts'

const ref = refOf('call')
const notification: Notification = {
  to: 'Practitioner/nora',
  kind: 'due-soon',
  ref,
  due: '2026-11-24T22:00:00.000Z',
  deepLink: 'https://care.example.org/tasks',
}

test('Slack', () => {
  expect(chatMessage(notification, 'slack', 'America/Chicago')).toEqual({
    text: `Task ${ref} is due soon: due Tue 24 Nov, 16:00. <https://care.example.org/tasks|Open>`,
  })
})

test('Teams', () => {
  const { to, kind } = notification
  expect(chatMessage({ to, kind: 'escalation', ref }, 'teams', 'America/Chicago')).toMatchObject({
    type: 'message',
    attachments: [{ content: { type: 'AdaptiveCard', body: [{ text: `Task ${ref} is an escalation.` }] } }],
  })
  expect(JSON.stringify(chatMessage({ to, kind, ref }, 'teams', 'UTC'))).not.toContain('actions')
})
