import { systemClock } from '../lib/clock.ts'
import { writeLog } from '../lib/log.ts'
import { createAuthorizer } from '../lib/security/token/authorizer.ts'
import { publishedKeys } from '../lib/security/token/published-keys.ts'
import { tenantFromEnvironment } from '../lib/variables.ts'

const tenant = tenantFromEnvironment()

/** Who calls. Tokens live by the machine's clock, also where the care clocks are simulated: those who hold them do too. */
export const handler = createAuthorizer({
  tenant: tenant.id,
  auth: tenant.auth,
  fetchKeys: publishedKeys,
  clock: systemClock,
  log: writeLog,
})
