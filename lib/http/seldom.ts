/**
 * The interactions that most requests are not, in one chunk of the bundles: a function loads it when the first of them is asked for (see
 * routes.ts), and not at each cold start.
 */
export { bundle } from '../interactions/bundle.ts'
export { claim } from '../interactions/claim.ts'
export { conditionalDelete } from '../interactions/conditional-delete.ts'
export { conditionalUpdate } from '../interactions/conditional-update.ts'
export { everything } from '../interactions/everything.ts'
export { historyInstance } from '../interactions/history-instance.ts'
export { historySystem, historyType } from '../interactions/history-type.ts'
export { meta, metaAdd, metaDelete } from '../interactions/meta.ts'
export { conditionalPatch, patch } from '../interactions/patch.ts'
export { processMessage } from '../interactions/process-message.ts'
export { readSearchParameter, searchSearchParameter } from '../interactions/search-parameter.ts'
export { validate } from '../interactions/validate.ts'
export { capabilities } from './capability-statement.ts'
export { openApi } from './open-api.ts'
export { smartConfiguration } from './smart-configuration.ts'
