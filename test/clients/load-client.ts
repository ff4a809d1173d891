/** The module of a client, without its types: `npm run check` needs no packages that only these tests install. */
export const loadClient = (name: string) => import(name)

export type Untyped = Awaited<ReturnType<typeof loadClient>>
