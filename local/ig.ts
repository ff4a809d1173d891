import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readGuide } from './ig/read-guide.ts'
import { addGuide, listGuides, removeGuide } from './ig/stored-guides.ts'
import { CannotLoad } from './load/cannot-load.ts'
import { createFhirServer } from './load/fhir-server.ts'

/** `npm run ig -- add|list|remove`: the implementation guides whose profiles a tenant's resources are held against. */

const USAGE = `Adds an implementation guide to a running Careloop, lists what it has, and removes one.

  npm run ig -- add <package.tgz or folder>
  npm run ig -- list
  npm run ig -- remove <name>#<version>

  --url URL      base URL of the service (default http://localhost:3000/fhir)
  --token TOKEN  bearer token (default: the environment variable CARELOOP_TOKEN)
  --help         this text

Of a package its StructureDefinitions with a snapshot, ValueSets and CodeSystems are stored, with an ImplementationGuide that lists
them; adding it again adds what is missing. Several versions can be there side by side. See docs/validation.md.`

/** npm starts us in the project; paths mean the folder the person is in. */
const HERE = process.env.INIT_CWD ?? process.cwd()

const read = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        url: { type: 'string', default: 'http://localhost:3000/fhir' },
        token: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new CannotLoad(`${(error as Error).message}\n\n${USAGE}`)
  }
}

const run = async (): Promise<string> => {
  const { values, positionals } = read()
  const [command, subject] = positionals
  if (values.help) return USAGE
  const token = values.token ?? process.env.CARELOOP_TOKEN
  const server = createFhirServer({ base: values.url.replace(/\/+$/, ''), ...(token && { token }) })
  if (command === 'list') {
    const guides = await listGuides(server)
    return guides.map(({ key, title, definitions }) => `${key}  ${title}, ${definitions} definitions`).join('\n')
  }
  if (command === 'add' && subject !== undefined) {
    const guide = readGuide(resolve(HERE, subject))
    const { added, present, refused } = await addGuide(server, guide)
    const left = refused.map(({ name, reason }) => `\nleft out: ${name}: ${reason}`).join('')
    return `${guide.key}: ${added} definitions added, ${present} were there${left}`
  }
  if (command === 'remove' && subject !== undefined)
    return `${subject}: ${await removeGuide(server, subject)} resources removed`
  throw new CannotLoad(USAGE)
}

try {
  console.log(await run())
} catch (error) {
  if (!(error instanceof CannotLoad)) throw error
  console.error(error.message)
  process.exitCode = 1
}
