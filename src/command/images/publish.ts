import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import type { Flags } from '../../cli/flag.ts'
import { COMPOSE_VERSION } from '../../cli/plugin/metadata.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { LocalFile } from '../../load/print/published/files.ts'
import type { Publication, PublishedFile } from '../../stack/publication.ts'
import { mayPublish } from './publish/confirm.ts'
import { filesOf } from './publish/files.ts'
import { pinnedImages, pushBuilt } from './publish/images.ts'
import { refuseBuildOnly } from './publish/refuse.ts'

const FLAGS = {
  app: { type: 'boolean', description: 'Also copy the images of the services into the repository, pinned to digests' },
  'oci-version': {
    type: 'string',
    value: 'VERSION',
    choices: ['1.0', '1.1'],
    description: 'Version of the OCI format (default: what the registry takes)',
  },
  'resolve-image-digests': { type: 'boolean', description: 'Pin images to their current digests' },
  'with-env': { type: 'boolean', description: 'Also publish env files' },
  yes: { type: 'boolean', short: 'y', description: 'Publish without asking' },
  'insecure-registry': { type: 'boolean', hidden: true, description: 'Do without encryption if the registry has none' },
} as const satisfies Flags

type PublishFlags = Input<typeof FLAGS>['flags']

export const command = defineCommand({
  name: 'publish',
  summary: 'Publish the stack file in a registry',
  description:
    'Pushes the images that are built here, then stores the stack file and what it extends as an OCI artifact. ' +
    'flotilla and docker compose run it with -f oci://REPOSITORY:TAG. It asks before it publishes bind mounts or likely secrets.',
  examples: [
    { command: 'flotilla publish ghcr.io/me/lab:1', does: 'Publish the stack file.' },
    { command: 'flotilla --dry-run publish ghcr.io/me/lab', does: 'List what would be published.' },
    { command: 'flotilla publish --app ghcr.io/me/lab:1', does: 'Publish the stack file with all its images.' },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'REPOSITORY[:TAG]', required: true, description: 'Where to publish; the tag is latest by default' },
  ],
  async run(context, { flags, args: [name = ''] }) {
    context.adopt({ ...context.globals, profile: ['*'] })
    const loaded = await context.project.loaded()
    refuseBuildOnly(loaded)
    const files = await filesOf(context, flags.withEnv)
    if (!(await mayPublish(context, { loaded, files, name, flags }))) return INTERRUPTED
    const code = await pushBuilt(context, loaded)
    if (code !== 0 || context.globals.dryRun) return code
    return publish(context, await publicationOf(context, loaded, { name, files, flags }), flags)
  },
})

interface Chosen {
  name: string
  files: readonly LocalFile[]
  flags: PublishFlags
}

async function publicationOf(context: Context, loaded: Loaded, { name, files, flags }: Chosen): Promise<Publication> {
  const isPinned = flags.resolveImageDigests || flags.app
  const pinned = isPinned ? await pinnedImages(context, loaded) : {}
  const images = [...new Set(Object.values(pinned).map(({ image }) => image))]
  return {
    name,
    files: isPinned ? withPins(files, await textOf(pinned)) : files,
    ...(flags.app && { images }),
    ...(flags.ociVersion && { ociVersion: flags.ociVersion }),
    created: new Date(context.host.wallTime()).toISOString().replace(/\.\d+/, ''),
    composeVersion: COMPOSE_VERSION,
  }
}

async function textOf(pinned: Readonly<Record<string, unknown>>): Promise<string> {
  const { imagesText } = await import('../../load/print/print.ts')
  return imagesText(pinned, 'yaml')
}

/** The pins override the other files, as the last of them. */
function withPins(files: readonly LocalFile[], text: string): PublishedFile[] {
  return [...files, { name: 'image-digests.yaml', role: 'main', content: new TextEncoder().encode(text) }]
}

async function publish(context: Context, publication: Publication, flags: PublishFlags): Promise<number> {
  const { host, globals, signal } = context
  if (!host.publishStack) throw new StackError([error('not-supported', 'this program cannot publish')])
  const insecure = flags.insecureRegistry ? [hostIn(publication.name)] : globals.insecureRegistry
  const { digest } = await host.publishStack(publication, { signal, insecure })
  const view = await context.view()
  view.say(`${publication.name} published: ${digest}`)
  return 0
}

function hostIn(name: string): string {
  return name.split('/')[0] ?? ''
}
