import { structuralProblems } from '../../lib/profiles/structure.ts'
import { declarations } from '../../lib/resources/index.ts'
import type { Write } from '../../lib/store/plan-write.ts'

/** @throws Error when automation commits what a client would be refused: its writes do not go through the checks of clients */
export const requireWholeDefinitions = async (writes: readonly Write[], by: string): Promise<void> => {
  for (const { type, id, resource } of writes) {
    if (!resource) continue
    const problems = [...(await structuralProblems(resource)), ...(await declarations.get(type)!.check(resource))]
    if (problems.length) throw new Error(`${by} writes ${type}/${id}: ${problems.map(({ text }) => text).join('; ')}`)
  }
}
