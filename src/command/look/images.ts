import { capabilityOf } from '../../backend/capability.ts'
import { familiar, isId } from '../../backend/docker/image-reference.ts'
import type { ReplicaDetails } from '../../backend/read/containers.ts'
import type { ImageFacts } from '../../backend/read/look.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printLines, printTable } from '../../cli/show.ts'
import { namedReplicas } from '../../project/named-replicas.ts'
import { splitOnce } from '../../util/text.ts'
import type { Loss } from '../../view/fitted-table.ts'
import { ago } from '../../view/progress/time.ts'
import { jsonText } from '../../view/redact/visible.ts'
import { decimalSize } from '../../view/size.ts'

const FLAGS = {
  quiet: { type: 'boolean', short: 'q', description: 'Only the ids of images' },
  format: { type: 'string', value: 'FORMAT', choices: ['table', 'json', 'pretty'], description: 'How to print' },
} as const satisfies Flags

const HEADINGS = ['CONTAINER', 'REPOSITORY', 'TAG', 'PLATFORM', 'IMAGE ID', 'SIZE', 'CREATED']
const LOSSES: readonly Loss[] = [
  ['drop', 'PLATFORM'],
  ['drop', 'CREATED'],
  ['cut', 'REPOSITORY'],
  ['drop', 'IMAGE ID'],
  ['drop', 'SIZE'],
]
const SHORT_ID = 12

interface Used {
  container: string
  repository: string
  tag: string
  image: ImageFacts
}

export const command = defineCommand({
  name: 'images',
  summary: "List the images of a stack's containers",
  examples: [
    { command: 'flotilla images', does: 'The image of each container, running or not.' },
    { command: 'flotilla images -q web', does: 'The ids of the images of one service.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to look at; by default all' }],
  async run(context, { flags, args }) {
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const listed = await reader.details(project, { all: true }, context.signal)
    const replicas = await namedReplicas(context.project, listed, args)
    const used = (await Promise.all(replicas.map((each) => usedBy(context, each)))).filter((each) => each !== undefined)
    used.sort((a, b) => (a.container < b.container ? -1 : 1))
    if (flags.quiet) printLines(context, [...new Set(used.map(({ image }) => withoutKind(image.id)))])
    else if (flags.format === 'json') context.print(`${jsonText(used.map(dataOf))}\n`)
    else
      printTable(
        context,
        HEADINGS,
        used.map((each) => rowOf(each, context.host.wallTime())),
        LOSSES,
      )
    return 0
  },
})

/** The image that the container uses, even if its name now refers to another one; empty if the image is gone. */
async function usedBy(context: Context, { name, image, imageId }: ReplicaDetails): Promise<Used | undefined> {
  const reader = await context.project.reader()
  const facts = await capabilityOf(reader, 'look').image(imageId, context.signal)
  return facts && { container: name, ...nameParts(image), image: facts }
}

function withoutKind(id: string): string {
  return id.replace(/^sha256:/, '')
}

function platformOf({ os, architecture, variant }: ImageFacts): string {
  return [os, architecture, variant].filter(Boolean).join('/')
}

function rowOf({ container, repository, tag, image }: Used, now: number): string[] {
  const id = withoutKind(image.id).slice(0, SHORT_ID)
  const created = image.created === undefined ? 'N/A' : ago((now - Date.parse(image.created)) / 1000)
  return [container, repository || '<none>', tag || '<none>', platformOf(image), id, decimalSize(image.size), created]
}

/** Uses the field names of `docker compose images --format json`. */
function dataOf({ container, repository, tag, image }: Used): Record<string, unknown> {
  return {
    ID: image.id,
    ContainerName: container,
    Repository: repository,
    Tag: tag,
    Platform: platformOf(image),
    Size: image.size,
    ...(image.created !== undefined && { Created: image.created }),
    ...(image.tagged !== undefined && { LastTagTime: image.tagged }),
  }
}

/** Splits an image's name as `docker images` does; an image without a name has neither part, one with a digest has no tag. */
function nameParts(reference: string): { repository: string; tag: string } {
  if (isId(reference)) return { repository: '', tag: '' }
  const name = familiar(reference)
  const [named, digest] = splitOnce(name, '@')
  const colon = named.lastIndexOf(':')
  const tagged = colon > named.lastIndexOf('/')
  return {
    repository: tagged ? named.slice(0, colon) : named,
    tag: tagged && digest === '' ? named.slice(colon + 1) : '',
  }
}
