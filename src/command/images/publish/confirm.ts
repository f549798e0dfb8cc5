import { isYes } from '../../../cli/confirm.ts'
import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import type { Loaded } from '../../../load/loaded.ts'
import type { LocalFile } from '../../../load/print/published/files.ts'
import { table } from '../../../view/table.ts'
import { bindMountsIn, contentsIn, type Finding, secretsIn } from './findings.ts'

interface Publishing {
  loaded: Loaded
  files: readonly LocalFile[]
  name: string
  flags: { yes: boolean; app: boolean; withEnv: boolean }
}

/** Lists what would be published. Asks if any of it may be private; resolves to whether to go on. Throws a StackError without a user. */
export async function mayPublish(context: Context, publishing: Publishing): Promise<boolean> {
  const { files, name, flags } = publishing
  const list = `To be published as ${name}:\n${filesTable(files)}`
  const doubts = doubtsAbout(publishing)
  if (context.globals.dryRun || doubts.length === 0 || flags.yes) {
    const view = await context.view()
    view.say([list, ...doubts].join('\n').trimEnd())
    return true
  }
  const { ask } = context.host
  if (!ask) throw new StackError([unasked(doubts)])
  await context.flush()
  const answer = await ask(`${[list, ...doubts].join('\n')}\nPublish this? [y/N] `, context.signal)
  return isYes(answer)
}

function filesTable(files: readonly LocalFile[]): string {
  const rows = files.map(({ path, name, role, content }) => [path, ROLES[role], String(content.length), name])
  return table(['FILE', 'AS', 'BYTES', 'NAME'], rows)
}

const ROLES = { main: 'stack file', extended: 'extended file', env: 'env file' }

function doubtsAbout({ loaded, files, flags }: Publishing): string[] {
  const secrets = secretsIn(flags.withEnv ? files.filter(({ role }) => role !== 'env') : files)
  return [
    paragraph('These lines look like secrets, which anybody who can read the repository could see:', secrets),
    paragraph('These bind mounts name places on this machine; their content is not published:', bindMountsIn(loaded)),
    paragraph('These contents are published with the stack file:', contentsIn(loaded)),
  ].flatMap((text) => text ?? [])
}

function paragraph(title: string, findings: readonly Finding[]): string | undefined {
  if (findings.length === 0) return undefined
  return `${title}\n${table(
    ['PLACE', 'CONTENT'],
    findings.map(({ place, what }) => [place, what]),
  )}`
}

function unasked(doubts: readonly string[]) {
  const what = doubts
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => `\n  ${line}`)
    .join('')
  const message = `there is no terminal to ask whether this may be published:${what}`
  return error('publish-refused', message, { hint: 'publish it with -y, or take the values from variables: ${NAME}' })
}
