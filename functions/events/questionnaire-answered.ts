import { careloopFromEnvironment } from '../../lib/environment.ts'
import { consumer } from '../../lib/events/consumer.ts'
import { questionnaireAnswered } from '../../lib/follow-up/screening/questionnaire-answered.ts'

export const handler = consumer(careloopFromEnvironment(), questionnaireAnswered)
