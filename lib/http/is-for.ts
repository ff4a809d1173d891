import type { InteractionCode } from '../interactions/interaction.ts'
import { declarations } from '../resources/index.ts'
import type { Route } from './routes.ts'

const CHANGES: readonly InteractionCode[] = ['update', 'patch', 'delete', '$meta-add', '$meta-delete']

/** Whether a route is for a type: nothing that changes a resource is for one that is only ever added to. */
export const isFor = ({ types, interaction }: Route, type: string): boolean =>
  (!types || types.includes(type)) && !(declarations.get(type)?.appendOnly && CHANGES.includes(interaction))
