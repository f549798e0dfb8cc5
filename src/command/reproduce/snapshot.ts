import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { FLAGS, type SnapshotInput } from './snapshot/flags.ts'

/** Runs an action with the words after it; resolves to the exit code. */
type Action = (context: Context, words: readonly string[], flags: SnapshotInput['flags']) => Promise<number>

const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  create: async () => (await import('./snapshot/create.ts')).create,
  ls: async () => (await import('./snapshot/list.ts')).list,
  show: async () => (await import('./snapshot/list.ts')).show,
  restore: async () => (await import('./snapshot/restore.ts')).restore,
  rm: async () => (await import('./snapshot/remove.ts')).remove,
  prune: async () => (await import('./snapshot/remove.ts')).prune,
}

export const command = defineCommand({
  name: 'snapshot',
  summary: 'Keep the content of volumes on this machine, and bring it back',
  description: [
    'create freezes the containers that use the volumes (about 5 seconds per GiB), reads all volumes at that one moment, and lets the containers go on.',
    'Only what changed since earlier snapshots takes space. restore removes the containers that use the volumes, and replaces the content;',
    'it first keeps the present content in a snapshot. Snapshots are named by their id, its beginning, their note, or latest.',
  ].join(' '),
  examples: [
    { command: 'flotilla snapshot create --note before-import', does: 'Keep the content of all volumes.' },
    { command: 'flotilla snapshot create postgis', does: 'Only the volumes of one service.' },
    { command: 'flotilla snapshot ls', does: "List the project's snapshots." },
    {
      command: 'flotilla snapshot restore before-import',
      does: 'Bring the content back; flotilla up starts the services again.',
    },
    { command: 'flotilla snapshot prune --keep 5', does: 'Remove all but the five newest, and free their space.' },
  ],
  documentation: 'docs/snapshots.md',
  flags: FLAGS,
  positionals: [
    { name: 'ACTION', required: true, choices: Object.keys(ACTIONS), description: 'What to do with snapshots' },
    {
      name: 'NAME',
      variadic: true,
      description: 'Services to create one of; the snapshot to restore, show or remove, and services to restore',
    },
  ],
  async run(context, { args: [word = '', ...words], flags }) {
    const action = ACTIONS[word]
    if (!action) throw new StackError([unknownAction(word)])
    return (await action())(context, words, flags)
  },
})

function unknownAction(word: string) {
  const names = Object.keys(ACTIONS)
  const hint = didYouMean(word, names) ?? `there are ${names.join(', ')}`
  return error('usage', `unknown action "${word}"`, { hint })
}
