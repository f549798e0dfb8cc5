import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { type Diagnostic, error, warning } from '../../../diagnostics/diagnostic.ts'

/** Ctrl-P Ctrl-Q, the keys with which `docker` detaches. */
const DETACH = Uint8Array.of(0x10, 0x11)

/** Passes typed input on, and ends at the detach keys. A partial match is held back until the next key. */
export async function* untilDetached(
  typed: AsyncIterable<Uint8Array>,
  onDetach: () => void,
  keys: Uint8Array = DETACH,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array()
  for await (const chunk of typed) {
    const bytes = Buffer.concat([held, chunk])
    const at = bytes.indexOf(keys)
    if (at >= 0) {
      if (at > 0) yield bytes.subarray(0, at)
      return onDetach()
    }
    const whole = bytes.length - begunAtEnd(bytes, keys)
    held = bytes.subarray(whole)
    if (whole > 0) yield bytes.subarray(0, whole)
  }
  if (held.length > 0) yield held
}

/** The length of a partial match of the keys at the end of the input. */
function begunAtEnd(bytes: Buffer, keys: Uint8Array): number {
  for (let length = Math.min(keys.length - 1, bytes.length); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(keys.subarray(0, length))) return length
  }
  return 0
}

const CONTROLS = '@abcdefghijklmnopqrstuvwxyz[\\]^_'

/**
 * Parses detach keys in `docker`'s syntax: `ctrl-p,ctrl-q`, single characters, `DEL`. Undefined if it is invalid. Source: ToBytes of
 * https://pkg.go.dev/github.com/moby/term.
 */
export function detachKeysOf(text: string): Uint8Array | undefined {
  const bytes = text.split(',').map((key) => {
    const control = /^ctrl-(.)$/.exec(key)?.[1]
    if (control !== undefined) return CONTROLS.indexOf(control.toLowerCase())
    if (key === 'DEL') return 0x7f
    return key.length === 1 && key < '\u0080' ? key.charCodeAt(0) : -1
  })
  return bytes.includes(-1) ? undefined : Uint8Array.from(bytes)
}

const SETTING = 'detachKeys in the configuration of Docker'

/**
 * The detach keys, in `docker`'s syntax: those of `--detach-keys`, or else `detachKeys` of the user's Docker configuration; undefined
 * for the default keys. Throws a StackError for an invalid flag; an invalid setting is reported and ignored, as `docker` does.
 */
export async function chosenDetachKeys(context: Context, given?: string): Promise<string | undefined> {
  if (given !== undefined) {
    if (detachKeysOf(given)) return given
    throw new StackError([error('usage', `--detach-keys: "${given}" names no keys`, { hint: SYNTAX })])
  }
  const set = (await context.host.dockerSetting?.('detachKeys')) || undefined
  if (set === undefined || detachKeysOf(set)) return set
  await context.project.warn([unusable(set)])
  return undefined
}

const SYNTAX = 'keys are single characters or ctrl- and a character, with commas between them: ctrl-x,d'

function unusable(keys: string): Diagnostic {
  return warning('usage', `${SETTING}: "${keys}" names no keys; ctrl-p,ctrl-q detach`, { hint: SYNTAX })
}
