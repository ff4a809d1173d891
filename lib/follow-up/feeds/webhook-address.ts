import type { WebhookSettings } from '../../tenant.ts'

/** Those of Slack's incoming webhooks, and of Microsoft Teams' connectors and workflows. */
const CHAT_HOSTS = ['hooks.slack.com', '*.webhook.office.com', '*.logic.azure.com', '*.api.powerplatform.com']

/** The address may not be posted to. Says why, and never the address: it is a secret. */
export class UnfitAddress extends Error {
  constructor(why: string) {
    super(`feeds.webhook: ${why}`)
    this.name = 'UnfitAddress'
  }
}

const isAllowed = (host: string, hosts: readonly string[]): boolean =>
  hosts.some((allowed) => (allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed))

/**
 * Where to post to. @param resolved what infra found behind `secretName`; goes before `url`.
 * @throws UnfitAddress for one that is missing, not https, with a user name in it, or of a host that is not allowed
 */
export const webhookAddress = (
  { url, hosts = CHAT_HOSTS }: Pick<WebhookSettings, 'url' | 'hosts'>,
  resolved?: string,
): URL => {
  const text = resolved || url
  if (!text) throw new UnfitAddress('there is no address; set url, or secretName and deploy again')
  const address = URL.parse(text)
  if (address?.protocol !== 'https:') throw new UnfitAddress('the address must begin with https://')
  if (address.username || address.password) throw new UnfitAddress('the address must hold no user name or password')
  if (!isAllowed(address.hostname, hosts)) throw new UnfitAddress('the host of the address is not among hosts')
  return address
}
