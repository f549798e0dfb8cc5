import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { printSentence, printTable, printWords, widthFor } from '../../cli/show.ts'
import type { Template } from '../../init/template.ts'
import { TEMPLATES } from '../../init/templates.ts'
import { pairs } from '../../view/prose.ts'
import { chosenName, chosenTemplates } from './init/questions.ts'
import { checkTarget, type Target, targetOf } from './init/target.ts'

const FLAGS = {
  list: { type: 'boolean', description: 'List the templates' },
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    description: 'File to write (default: stack.yaml); .env and .gitignore are written beside it',
  },
  name: { type: 'string', value: 'NAME', description: "The stack's name (default: that of the folder)" },
  force: { type: 'boolean', description: 'Replace the stack file if it exists; .env keeps its values' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'init',
  summary: 'Write a stack file from templates',
  description: [
    'Each template is one service with a pinned image, a health test and named volumes; services that belong together are configured',
    'to find each other. Passwords are generated into .env, which only you can read, and which .gitignore excludes from git. Without templates, it asks at the terminal.',
    'Existing files are not overwritten; missing variables are added to .env. --dry-run prints the stack file.',
  ].join(' '),
  examples: [
    { command: 'flotilla init', does: 'Choose from the templates, and write stack.yaml.' },
    { command: 'flotilla init mysql jupyter', does: 'Write a stack of JupyterLab and MySQL, without questions.' },
    { command: 'flotilla --dry-run init postgis', does: 'Print the stack file, and write nothing.' },
  ],
  flags: FLAGS,
  positionals: [
    {
      name: 'TEMPLATE',
      variadic: true,
      description: 'Templates to write; --list shows them',
      suggestions: () => TEMPLATES.map(({ name, summary }) => ({ word: name, means: summary })),
    },
  ],
  async run(context, { flags, args }) {
    if (flags.list) return list(context)
    const target = targetOf(context, flags)
    if (!context.globals.dryRun) await checkTarget(target)
    const templates = await chosenTemplates(context, args)
    if (templates.length === 0) return declined(context)
    const name = await nameFor(context, { flags, args }, target)
    const { stackText } = await import('../../init/stack-text.ts')
    const text = stackText({ name, templates, program: target.program })
    if (context.globals.dryRun) printWords(context, text)
    else await write(context, { target, templates, text })
    return 0
  },
})

function list(context: Context): number {
  printTable(
    context,
    ['TEMPLATE', 'IMAGE', 'DESCRIPTION'],
    TEMPLATES.map(({ name, image, summary }) => [name, image, summary]),
  )
  return 0
}

async function declined(context: Context): Promise<number> {
  ;(await context.view()).say('Nothing was written')
  return 0
}

/** The name of a stack that is written without questions is that of its folder. */
async function nameFor(context: Context, { flags, args }: Input<typeof FLAGS>, { folder }: Target): Promise<string> {
  const { normalizeProjectName } = await import('../../load/discover/project-name.ts')
  const given = flags.name ?? context.globals.projectName
  return chosenName(context, { given, folder, isAsked: args.length === 0 }, normalizeProjectName)
}

interface Files {
  target: Target
  templates: readonly Template[]
  text: string
}

async function write(context: Context, { target, templates, text }: Files): Promise<void> {
  const { writeStack } = await import('./init/write.ts')
  const written = await writeStack(context.host, { target, templates, text, signal: context.signal })
  const { program } = target
  const next = [
    [`${program} up -d --wait`, 'bring it up'],
    [`${program} endpoints --show-secrets`, 'addresses and passwords'],
    [`${program} plan --explain`, 'what would happen, and why'],
  ] as const
  const lines = pairs(next, widthFor(context), 3).map((line) => `  ${line}\n`)
  printSentence(context, `Wrote ${written.join(', ')}`)
  printWords(context, `\nNext:\n${lines.join('')}`)
}
