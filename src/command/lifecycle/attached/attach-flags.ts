import type { Context } from '../../../cli/context.ts'
import type { Flags, FlagValues } from '../../../cli/flag.ts'
import { isForPrograms } from '../../../cli/terminal/modes.ts'
import { exclude } from '../../shared/up-flags.ts'

/** Flags of an attached `up`. */
export const ATTACH_FLAGS = {
  'abort-on-container-exit': {
    type: 'boolean',
    description: 'Stop everything once a container ends, and exit with its exit code',
  },
  'abort-on-container-failure': {
    type: 'boolean',
    description: 'Stop everything once a container ends with an exit code other than 0, and exit with that code',
  },
  'exit-code-from': {
    type: 'string',
    value: 'SERVICE',
    description: "Exit with this service's exit code; implies --abort-on-container-exit",
  },
  attach: { type: 'list', value: 'SERVICE', description: 'Show the logs of this service alone; may be repeated' },
  'no-attach': { type: 'list', value: 'SERVICE', description: 'Show no logs of this service; may be repeated' },
  'attach-dependencies': {
    type: 'boolean',
    description: 'Show the logs of what the named services depend on, too',
  },
  'no-log-prefix': { type: 'boolean', description: 'Print log lines without the names of their services' },
  'no-color': { type: 'boolean', description: 'Print log lines without colours' },
  timestamps: { type: 'boolean', description: 'Print log lines with their times' },
  menu: {
    type: 'boolean',
    negatable: true,
    description: 'Show the keys that work while the logs are shown, in a terminal (default; also COMPOSE_MENU)',
  },
  watch: { type: 'boolean', short: 'w', description: 'Apply changes of source files as develop.watch declares' },
} as const satisfies Flags

export type AttachFlags = FlagValues<typeof ATTACH_FLAGS>

/** Flags that have no meaning for a command that returns once everything has started. */
const ATTACHED_ONLY = [
  ['--abort-on-container-exit', (flags: AttachFlags) => flags.abortOnContainerExit],
  ['--abort-on-container-failure', (flags: AttachFlags) => flags.abortOnContainerFailure],
  ['--exit-code-from', (flags: AttachFlags) => flags.exitCodeFrom !== undefined],
  ['--attach', (flags: AttachFlags) => flags.attach.length > 0],
  ['--watch', (flags: AttachFlags) => flags.watch],
  ['--attach-dependencies', (flags: AttachFlags) => flags.attachDependencies],
] as const

/** Throws a StackError for flags that exclude each other, the same ones as for `docker compose` (cmd/compose/up.go). */
export function checkAttachFlags(flags: AttachFlags & { detach: boolean; wait: boolean }): void {
  exclude(
    flags.abortOnContainerExit && flags.abortOnContainerFailure,
    '--abort-on-container-exit',
    '--abort-on-container-failure',
  )
  exclude(flags.attach.length > 0 && flags.attachDependencies, '--attach', '--attach-dependencies')
  for (const [name, isGiven] of ATTACHED_ONLY) {
    exclude(isGiven(flags) && flags.wait, name, '--wait')
    exclude(isGiven(flags) && flags.detach, name, '--detach')
  }
}

/** Whether the menu is wanted, as in `docker compose`: `--menu`, or else COMPOSE_MENU, or else on every terminal. */
export function wantsMenu(context: Context, flag: boolean | undefined): boolean {
  const { console, terminal, env } = context.host
  const isPlain = !terminal.out.isTTY || !console.isTTY() || env.TERM === 'dumb'
  if (isPlain || isForPrograms(context.mode())) return false
  const variable = context.project.variable('COMPOSE_MENU')
  return flag ?? (variable === undefined || variable === '' || /^(?:1|t|true|y|yes)$/i.test(variable))
}
