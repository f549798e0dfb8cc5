import { relative, resolve } from 'node:path'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { calledAs } from '../../cli/own-command.ts'
import { printSentence } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { shellCommand } from '../../diagnostics/own-command.ts'
import type { VerifiedPack } from '../../pack/types.ts'
import type { Unpacked } from '../../project/packing/unpack/unpack.ts'

const FLAGS = {
  output: {
    type: 'string',
    short: 'o',
    value: 'FOLDER',
    description: "Folder to make; it must not exist, or be empty (default: the pack's name)",
  },
  'replace-tags': {
    type: 'boolean',
    description: 'Give image names that belong to other images here to those of the pack',
  },
  key: { type: 'string', value: 'FILE', description: 'The public key (PEM) by which the pack must be signed' },
} as const satisfies Flags

type UnpackInput = Input<typeof FLAGS>

export const command = defineCommand({
  name: 'unpack',
  summary: 'Bring a packed stack to this machine: files, images, volumes and databases',
  description: [
    'Needs no network. Every byte is verified before anything is written; images are compared again once the engine has them. Volumes and',
    'databases are new ones: nothing that exists is overwritten, and a name of another image moves only with --replace-tags. Secrets are not in packs:',
    'files and variables that hold them get fresh random values. If it is interrupted, up refuses what is incomplete, and the same command',
    'begins again. With -p NAME the same pack can be unpacked several times. --dry-run only verifies. FILE may be - for standard input.',
  ].join(' '),
  examples: [
    { command: 'flotilla unpack lab.flotilla.tar', does: 'Into the folder lab; cd lab and flotilla up bring it up.' },
    { command: 'flotilla -p second unpack -o second lab.flotilla.tar', does: 'Once more, beside the first.' },
    { command: 'ssh host cat lab.flotilla.tar | flotilla unpack -', does: 'From another machine.' },
  ],
  documentation: 'docs/packing.md',
  flags: FLAGS,
  positionals: [{ name: 'FILE', required: true, description: 'The pack, or - for standard input' }],
  async run(context, input) {
    const pack = await verifiedPack(context, input)
    try {
      return await unpackInto(context, pack, input.flags)
    } finally {
      await pack.close()
    }
  },
})

async function verifiedPack(
  context: Context,
  { args: [name = ''], flags: { key } }: UnpackInput,
): Promise<VerifiedPack> {
  if (name === '') throw new StackError([error('usage', 'FILE is empty: name the pack')])
  const [{ packFile }, { byteProgress }, { openPackFrom }, { keyText }] = await Promise.all([
    import('./pack/open.ts'),
    import('./pack/progress.ts'),
    import('../../pack/read/open-pack.ts'),
    import('./pack/verify.ts'),
  ])
  const pem = key === undefined ? {} : { key: keyText(context, key) }
  const file = await packFile(context, name)
  const progress = byteProgress(context, 'Verified', (await file.stat()).size)
  try {
    return await openPackFrom(file, { signal: context.signal, onProgress: progress.add, ...pem })
  } finally {
    progress.end()
  }
}

async function unpackInto(context: Context, pack: VerifiedPack, flags: UnpackInput['flags']): Promise<number> {
  const { index } = pack
  const destination = resolve(context.host.cwd, flags.output || index.name)
  const view = await context.view()
  if (context.globals.dryRun) {
    const parts = [
      `${index.images.length} images`,
      `${index.volumes.length} volumes`,
      `${index.dumps.length} databases`,
    ]
    printSentence(context, `The pack is whole. unpack would make ${destination}, with ${parts.join(', ')}`)
    return 0
  }
  const { unpack } = await import('../../project/packing/unpack/unpack.ts')
  const say = (text: string) => view.say(text)
  const done = await unpack(context.project, { pack, destination, replaceTags: flags.replaceTags, say })
  report(context, pack, done)
  return 0
}

function report(context: Context, { index }: VerifiedPack, { secrets, folder, astray }: Unpacked): void {
  const shown = relative(context.host.cwd, folder) || '.'
  printSentence(context, `Unpacked ${index.name} into ${shown}`)
  for (const each of index.leftOut) printSentence(context, `Not in the pack: ${each}`)
  if (secrets.fresh.length > 0) printSentence(context, `Fresh random secrets: ${secrets.fresh.join(', ')}`)
  for (const each of secrets.missing) printSentence(context, `A secret has to be supplied: ${each}`)
  for (const { source, place } of astray)
    printSentence(context, `The stack file names ${source}; its content is in ${place}: change the path`)
  printSentence(context, `Bring it up: ${shellCommand(`cd ${shown} && ${calledAs(context.host)} up -d --wait`)}`)
}
