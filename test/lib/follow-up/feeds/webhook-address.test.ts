import { expect, test } from '@jest/globals'
import { UnfitAddress, webhookAddress } from '../../../../lib/follow-up/feeds/webhook-address.ts'

test.each([
  ['https://hooks.slack.com/services/T/B/x', undefined],
  ['https://contoso.webhook.office.com/webhookb2/x', undefined],
  ['https://chat.example.org/hook', ['chat.example.org']],
])('%s may be posted to', (url, hosts) => {
  expect(webhookAddress({ url, ...(hosts && { hosts }) }).href).toBe(url)
})

test.each([
  ['http://hooks.slack.com/services/x', undefined, /https/],
  ['https://evil.example.org/', undefined, /hosts/],
  ['https://hooks.slack.com.evil.example.org/', undefined, /hosts/],
  ['https://evilwebhook.office.com/', undefined, /hosts/],
  ['https://hooks.slack.com@evil.example.org/', undefined, /user name/],
  ['https://169.254.169.254/latest', undefined, /hosts/],
  ['https://hooks.slack.com/x', ['chat.example.org'], /hosts/],
  ['no address', undefined, /https/],
])('%s may not', (url, hosts, why) => {
  const attempt = () => webhookAddress({ url, ...(hosts && { hosts }) })
  expect(attempt).toThrow(UnfitAddress)
  expect(attempt).toThrow(why)
  expect(attempt).not.toThrow(url)
})

test('what infra has found goes before the settings, and one of them must be there', () => {
  expect(webhookAddress({ url: 'https://hooks.slack.com/a' }, 'https://hooks.slack.com/b').pathname).toBe('/b')
  expect(() => webhookAddress({})).toThrow(/no address/)
})
