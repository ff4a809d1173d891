import type { WebhookSettings } from '../../tenant.ts'
import type { Notification, NotificationKind } from './notification.ts'

const SAYINGS: Readonly<Record<NotificationKind, string>> = {
  task: 'is there',
  reminder: 'waits to be done',
  'due-soon': 'is due soon',
  escalation: 'is an escalation',
}

const textOf = ({ kind, ref, due }: Notification, timeZone: string): string => {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return `Task ${ref} ${SAYINGS[kind]}${due ? `: due ${time.format(new Date(due))}` : ''}.`
}

/** https://api.slack.com/messaging/webhooks */
const slack = (text: string, deepLink: string | undefined): object => ({
  text: deepLink ? `${text} <${deepLink}|Open>` : text,
})

/** https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
const teams = (text: string, deepLink: string | undefined): object => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        body: [{ type: 'TextBlock', text, wrap: true }],
        ...(deepLink && { actions: [{ type: 'Action.OpenUrl', title: 'Open', url: deepLink }] }),
      },
    },
  ],
})

const FORMATS = { slack, teams } as const

/** A notification as the incoming webhook of a chat tool takes it. @param timeZone for times that people read, IANA name */
export const chatMessage = (notification: Notification, format: WebhookSettings['format'], timeZone: string): object =>
  FORMATS[format](textOf(notification, timeZone), notification.deepLink)
