import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'

const FLAGS = {
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    description: 'Where to write the pack (default: NAME.flotilla.tar)',
  },
  service: {
    type: 'list',
    value: 'SERVICE',
    description: 'Pack the images and data of this service only; may be repeated',
  },
  images: { type: 'boolean', negatable: true, description: 'With --no-images, leave the images out' },
  physical: {
    type: 'boolean',
    description: 'Pack the volumes of databases as they are instead of as dumps; they hold hashes of passwords',
  },
  compress: { type: 'string', value: 'HOW', choices: ['gzip', 'none'], description: 'How to compress (default: gzip)' },
  sign: { type: 'string', value: 'FILE', description: 'Sign the pack with this private Ed25519 key (PEM)' },
  key: {
    type: 'string',
    value: 'FILE',
    description: 'With verify: the public key (PEM) by which the pack must be signed',
  },
  format: {
    type: 'string',
    value: 'FORMAT',
    choices: ['text', 'json'],
    description: 'With inspect and diff: how to print',
  },
} as const satisfies Flags

type PackInput = Input<typeof FLAGS>

export const command = defineCommand({
  name: 'pack',
  summary: 'Put the stack into one file, with its images and data',
  description: [
    'The file holds the stack files, the lock, what the stack builds from and mounts, images, and data: databases as dumps, other volumes as archives.',
    'Secrets stay here: the pack says only their names. tar, sha256sum and docker open it without flotilla.',
    'pack inspect reads only the headers of a pack; pack verify reads everything, and checks every name, size and checksum; pack diff shows in',
    'which contents two packs differ (exit code 2 if they do). A FILE may be - for standard input.',
  ].join(' '),
  examples: [
    { command: 'flotilla pack', does: 'Pack the whole stack.' },
    { command: 'flotilla pack --service db --no-images -o db.tar', does: 'Pack the data of one service.' },
    { command: 'flotilla pack inspect lab.flotilla.tar', does: 'Show what is in a pack.' },
    { command: 'flotilla pack verify lab.flotilla.tar --key public.pem', does: 'Check all of it, and who signed it.' },
    { command: 'flotilla pack diff old.flotilla.tar lab.flotilla.tar', does: 'Show what has changed.' },
  ],
  documentation: 'docs/packing.md',
  flags: FLAGS,
  positionals: [
    { name: 'ACTION', choices: ['inspect', 'verify', 'diff'], description: 'What to do with packs that exist' },
    { name: 'FILE', variadic: true, description: 'The pack, or - for standard input; two for diff' },
  ],
  async run(context, { args, flags }) {
    const [action, ...files] = args
    return action === undefined ? write(context, flags) : lookInto(context, { action, files, flags })
  },
})

async function write(context: Context, flags: PackInput['flags']): Promise<number> {
  const { output, service, images = true, physical, compress = 'gzip', sign } = flags
  if (output === '' || output === '-')
    throw new StackError([error('usage', 'a pack is written to a file: name it with -o')])
  const { packStack } = await import('./pack/write.ts')
  const options = {
    service,
    images,
    physical,
    compress,
    ...(output && { output }),
    ...(sign !== undefined && { sign }),
  }
  return packStack(context, options)
}

interface Look {
  action: string
  files: string[]
  flags: PackInput['flags']
}

async function lookInto(context: Context, { action, files, flags: { key, format = 'text' } }: Look): Promise<number> {
  const [one = '', other = ''] = files
  const wanted = action === 'diff' ? 2 : 1
  if (files.length !== wanted || files.includes('')) throw new StackError([wrongFiles(action, wanted)])
  if (action === 'inspect') return (await import('./pack/inspect.ts')).inspectPack(context, one, format)
  if (action === 'verify') return (await import('./pack/verify.ts')).verifyPack(context, one, key)
  return (await import('./pack/diff.ts')).diffPacks(context, [one, other], format)
}

function wrongFiles(action: string, wanted: number) {
  const words = wanted === 1 ? 'one pack' : 'two packs'
  const hint = `for example: ${ownCommand(`pack ${action} ${Array(wanted).fill('FILE').join(' ')}`)}`
  return error('usage', `pack ${action} takes ${words}`, { hint })
}
