import { elementsAt } from './elements.ts'
import type { SearchParameter } from './parameter.ts'
import { tokensOf } from './token.ts'

/** How high the highest code of a token with ranks is; 0 for a code that is not among them, and without one. */
export const rankOf = ({ paths, ranks = [] }: SearchParameter, resource: unknown): number =>
  Math.max(
    0,
    ...paths.flatMap(({ steps, datatype }) =>
      elementsAt(resource, steps).flatMap((element) =>
        tokensOf(element, datatype).map(({ code }) => (code === undefined ? 0 : ranks.indexOf(code))),
      ),
    ),
  )
