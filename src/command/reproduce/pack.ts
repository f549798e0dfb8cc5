import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'

const FLAGS = {
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
  summary: 'Look into packs, verify and compare them',
  description: [
    'A pack is one file that holds a stack: its files, images and data. inspect reads only the headers; verify reads everything, and checks every',
    'name, size and checksum; diff shows in which contents two packs differ (exit code 2 if they do). FILE may be - for standard input.',
  ].join(' '),
  examples: [
    { command: 'flotilla pack inspect lab.flotilla.tar', does: 'Show what is in a pack.' },
    { command: 'flotilla pack verify lab.flotilla.tar --key public.pem', does: 'Check all of it, and who signed it.' },
    { command: 'flotilla pack diff old.flotilla.tar lab.flotilla.tar', does: 'Show what has changed.' },
  ],
  documentation: 'docs/packing.md',
  flags: FLAGS,
  positionals: [
    { name: 'ACTION', required: true, choices: ['inspect', 'verify', 'diff'], description: 'What to do with packs' },
    { name: 'FILE', variadic: true, required: true, description: 'The pack, or - for standard input; two for diff' },
  ],
  async run(context, input) {
    const [action = '', ...files] = input.args
    return lookInto(context, { action, files, flags: input.flags })
  },
})

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
