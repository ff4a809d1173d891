interface Visit {
  node: number
  /** how many of its needs were followed already */
  followed: number
}

/**
 * Nodes in groups, each group after the groups it needs; a group is one node, or several that need each other in a circle.
 * Nodes that need nothing of each other keep their order. These are Tarjan's strongly connected components, without recursion
 * since a chain of references can be as long as a Bundle.
 *
 * @param needs of each node, the nodes it needs
 */
export const orderByNeed = (needs: readonly (readonly number[])[]): number[][] => {
  const groups: number[][] = []
  const found: number[] = []
  const lowest: number[] = []
  const open: number[] = []
  const isOpen = new Set<number>()
  let count = 0

  const enter = (node: number): Visit => {
    found[node] = count
    lowest[node] = count
    count += 1
    open.push(node)
    isOpen.add(node)
    return { node, followed: 0 }
  }
  const close = (node: number): void => {
    const group = open.splice(open.lastIndexOf(node))
    for (const member of group) isOpen.delete(member)
    groups.push(group.sort((a, b) => a - b))
  }

  for (const root of needs.keys()) {
    if (found[root] !== undefined) continue
    const walk = [enter(root)]
    for (let visit = walk.at(-1); visit; visit = walk.at(-1)) {
      const { node } = visit
      const needed = needs[node]![visit.followed]
      visit.followed += 1
      if (needed !== undefined) {
        if (found[needed] === undefined) walk.push(enter(needed))
        else if (isOpen.has(needed)) lowest[node] = Math.min(lowest[node]!, found[needed])
        continue
      }
      walk.pop()
      const parent = walk.at(-1)?.node
      if (parent !== undefined) lowest[parent] = Math.min(lowest[parent]!, lowest[node]!)
      if (lowest[node] === found[node]) close(node)
    }
  }
  return groups
}
