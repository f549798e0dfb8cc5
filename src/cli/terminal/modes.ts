import { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import type { Mode } from '../../view/contract.ts'
import type { Output, Terminal } from '../../view/terminal.ts'
import { type Globals, MODES } from '../globals.ts'
import type { Host } from '../host.ts'

const BY_NAME: ReadonlyMap<string, Mode | 'auto'> = new Map(Object.entries(MODES))

/** Values of BUILDKIT_PROGRESS that differ from ours; unknown ones are left to the builder. */
const OF_BUILDKIT: ReadonlyMap<string, Mode | 'auto'> = new Map([...BY_NAME, ['rawjson', 'json'], ['none', 'quiet']])

/**
 * `--progress`, or else COMPOSE_PROGRESS, or else BUILDKIT_PROGRESS. By default, the tree on a terminal that supports escape
 * sequences, and plain lines elsewhere and in CI, whose logs keep every frame. Under the name `compose`, lines, JSON and dry runs are
 * those of `docker compose`.
 */
export function modeOf(
  globals: Pick<Globals, 'progress' | 'ansi'> & Partial<Pick<Globals, 'dryRun'>>,
  host: Pick<Host, 'env' | 'terminal' | 'plugin'>,
): Mode {
  const mode = wantedMode(globals, host)
  if (host.plugin !== 'compose') return mode
  if (mode === 'plain' || (mode === 'tree' && globals.dryRun)) return 'compose'
  return mode === 'json' ? 'compose-json' : mode
}

function wantedMode(globals: Pick<Globals, 'progress' | 'ansi'>, host: Pick<Host, 'env' | 'terminal'>): Mode {
  const wanted = globals.progress ?? (host.env.COMPOSE_PROGRESS || 'auto')
  const isAsked = globals.progress !== undefined || host.env.COMPOSE_PROGRESS
  const mode = isAsked ? BY_NAME.get(wanted) : (OF_BUILDKIT.get(host.env.BUILDKIT_PROGRESS ?? '') ?? 'auto')
  if (mode === undefined) throw new StackError([unknownMode(wanted)])
  if (mode !== 'auto' && mode !== 'tree') return mode
  if (mode === 'auto' && isCi(host.env)) return 'plain'
  const ansi = globals.ansi ?? host.env.COMPOSE_ANSI
  return host.terminal.err.isTTY && host.env.TERM !== 'dumb' && ansi !== 'never' ? 'tree' : 'plain'
}

/** Whether programs read the output. */
export function isForPrograms(mode: Mode): boolean {
  return mode === 'json' || mode === 'compose-json'
}

/** CI systems set CI=true; some users set CI=false to override it. */
function isCi({ CI = '' }: Host['env']): boolean {
  return !['', '0', 'false'].includes(CI.toLowerCase())
}

/** Whether the locale (POSIX, "Environment Variables") supports only ASCII characters; an unset locale does not. */
export function isAscii({ LC_ALL, LC_CTYPE, LANG }: Host['env']): boolean {
  const locale = LC_ALL || LC_CTYPE || LANG || ''
  if (/^(?:C|POSIX)$/.test(locale)) return true
  return /\.(?!utf-?8)/i.test(locale)
}

function unknownMode(wanted: string): Diagnostic {
  return error('usage', `COMPOSE_PROGRESS is invalid: "${wanted}"`, {
    hint: `it must be one of ${Object.keys(MODES).join(', ')}`,
  })
}

/** The host's terminal with the selected colours: `--ansi`, or else COMPOSE_ANSI, or else NO_COLOR (no-color.org). */
export function colouredTerminal(host: Pick<Host, 'env' | 'terminal'>, globals: Pick<Globals, 'ansi'>): Terminal {
  const { out, err, clock } = host.terminal
  const coloured = (output: Output) => ({
    ...output,
    colours: coloursOf(output, globals.ansi ?? host.env.COMPOSE_ANSI, host.env),
  })
  return { out: coloured(out), err: coloured(err), clock }
}

function coloursOf(output: Output, wanted: string | undefined, env: Host['env']): Output['colours'] {
  if (wanted === 'never') return 0
  if (wanted === 'always') return output.colours || 1
  return env.NO_COLOR || env.TERM === 'dumb' || !output.isTTY ? 0 : output.colours
}
