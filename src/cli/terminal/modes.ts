import { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import type { Mode } from '../../view/contract.ts'
import type { Output, Terminal } from '../../view/terminal.ts'
import type { Globals } from '../globals.ts'
import type { Host } from '../host.ts'

const MODES: Readonly<Record<string, Mode | 'auto'>> = {
  auto: 'auto',
  tree: 'tree',
  tty: 'tree',
  plain: 'plain',
  json: 'json',
  'compose-json': 'compose-json',
  quiet: 'quiet',
}

/** The words of BUILDKIT_PROGRESS that differ; an unknown one is the builder's own business. */
const OF_BUILDKIT: Readonly<Record<string, Mode | 'auto'>> = { ...MODES, rawjson: 'json', none: 'quiet' }

/**
 * `--progress`, else COMPOSE_PROGRESS, else BUILDKIT_PROGRESS; the tree only on a terminal that takes escape sequences, plain lines
 * elsewhere, and in CI, whose logs keep every frame, unless the tree is asked for. Programs that ask `docker compose` for JSON expect its own.
 */
export function modeOf(
  globals: Pick<Globals, 'progress' | 'ansi'>,
  host: Pick<Host, 'env' | 'terminal' | 'plugin'>,
): Mode {
  const wanted = globals.progress ?? (host.env.COMPOSE_PROGRESS || 'auto')
  const isAsked = globals.progress !== undefined || host.env.COMPOSE_PROGRESS
  const mode = isAsked ? MODES[wanted] : (OF_BUILDKIT[host.env.BUILDKIT_PROGRESS ?? ''] ?? 'auto')
  if (mode === undefined) throw new StackError([unknownMode(wanted)])
  if (mode === 'json' && host.plugin === 'compose') return 'compose-json'
  if (mode !== 'auto' && mode !== 'tree') return mode
  if (mode === 'auto' && isCi(host.env)) return 'plain'
  const ansi = globals.ansi ?? host.env.COMPOSE_ANSI
  return host.terminal.err.isTTY && host.env.TERM !== 'dumb' && ansi !== 'never' ? 'tree' : 'plain'
}

/** Whether a program reads what is shown. */
export function isForPrograms(mode: Mode): boolean {
  return mode === 'json' || mode === 'compose-json'
}

/** CI systems set CI=true; some users CI=false against it. */
function isCi({ CI = '' }: Host['env']): boolean {
  return !['', '0', 'false'].includes(CI.toLowerCase())
}

/** Whether the locale (POSIX, "Environment Variables") has characters of ASCII alone; one that is not set says nothing. */
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

/** The host's terminal with the colours that are wanted: `--ansi`, else COMPOSE_ANSI, else NO_COLOR (no-color.org). */
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
