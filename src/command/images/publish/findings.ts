import type { Loaded } from '../../../load/loaded.ts'
import type { LocalFile } from '../../../load/print/published/files.ts'
import { covered } from '../../../redact/ranges.ts'
import { saidRanges } from '../../../stack/said-secrets.ts'
import { urlRanges } from '../../../stack/secret-shapes.ts'

/** Something that its owner may not want to publish. */
export interface Finding {
  /** The file and line, or the service. */
  place: string
  /** What is there, without the secret. */
  what: string
}

/** Lines that hold what looks like a secret, written out rather than taken from a variable. */
export function secretsIn(files: readonly LocalFile[]): Finding[] {
  return files.flatMap(({ path, content }) =>
    new TextDecoder()
      .decode(content)
      .split(/\r\n?|\n/)
      .flatMap((line, index) => {
        const shown = masked(line)
        return shown === undefined ? [] : [{ place: `${path}:${index + 1}`, what: shown }]
      }),
  )
}

/** A line without its secrets; undefined if it has none. */
function masked(line: string): string | undefined {
  const ranges = [...saidRanges(line), ...urlRanges(line), ...shapes(line)]
  return ranges.length === 0 ? undefined : covered(line, ranges).trim().slice(0, MOST_SHOWN)
}

const MOST_SHOWN = 120

/** Tokens that show by their form what they are. */
const SHAPES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:A3T[A-Z0-9]|A[BGIKNPRS][IPRSDHLKV][A-Z])[A-Z0-9]{16}\b/,
  /\bgh[opsur]_[A-Za-z0-9]{36,}/,
  /\bgithub_pat_\w{22,}/,
  /\bglpat-[\w-]{20,}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\b[rs]k_live_[A-Za-z0-9]{20,}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/,
]

function shapes(line: string): (readonly [number, number])[] {
  return SHAPES.flatMap((shape) => {
    const found = shape.exec(line)
    return found ? [[found.index, found.index + found[0].length] as const] : []
  })
}

/** The declarations of bind mounts name directories of this machine. */
export function bindMountsIn({ stack: { services } }: Loaded): Finding[] {
  return Object.entries(services).flatMap(([name, { volumes = [] }]) =>
    volumes
      .filter(({ type }) => type === 'bind')
      .map(({ source, target }) => ({ place: name, what: `${source ?? ''}:${target ?? ''}` })),
  )
}

/** Contents that are written in the stack file. */
export function contentsIn({ stack: { configs } }: Loaded): Finding[] {
  return Object.entries(configs).flatMap(([name, { content }]) =>
    content ? [{ place: `config ${name}`, what: 'its content is written in the stack file' }] : [],
  )
}
