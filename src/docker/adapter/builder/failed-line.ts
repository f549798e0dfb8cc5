import type { Dockerfile } from './dockerfile.ts'

/** A line of a Dockerfile: its number, from 1, and its text. */
export interface DockerfileLine {
  file: string
  line: number
  text: string
}

/**
 * Finds the line of a Dockerfile at which a build failed: the line that the builder reports, or else the line of the instruction
 * that it quotes.
 * @param step an instruction as the builder shows it, on one line
 */
export function failedLine(
  { name, text }: Dockerfile,
  { sentence, step }: { sentence: string; step?: string },
): DockerfileLine | undefined {
  const lines = text.split(/\r?\n/)
  const said = /(?:parse error.*? on |parse error |^.*\bDockerfile.*)line (\d+)/i.exec(sentence)?.[1]
  const at = said === undefined ? step && lineOf(lines, step) : Number(said)
  const found = at ? lines[at - 1] : undefined
  return at && found !== undefined ? { file: name, line: at, text: found.trim() } : undefined
}

/** Finds the line on which an instruction begins; undefined if none or more than one matches. */
function lineOf(lines: readonly string[], step: string): number | undefined {
  const wanted = normal(step)
  const found = lines.flatMap((_, index) => (isAt(lines, index, wanted) ? [index + 1] : []))
  return found.length === 1 ? found[0] : undefined
}

function isAt(lines: readonly string[], index: number, wanted: string): boolean {
  if (index > 0 && /\\\s*$/.test(lines[index - 1] ?? '')) return false
  const whole = [lines[index] ?? '']
  for (let next = index + 1; /\\\s*$/.test(whole.at(-1) ?? '') && next < lines.length; next++) {
    const line = lines[next] ?? ''
    if (!/^\s*#/.test(line)) whole.push(line)
  }
  return normal(whole.map((line) => line.replace(/\\\s*$/, ' ')).join('')) === wanted
}

/** Instructions are case-insensitive and may have any white space between words; builders omit flags such as `--mount`. */
function normal(instruction: string): string {
  const words = instruction.trim().split(/\s+/)
  const [verb = '', ...rest] = words
  const from = rest.findIndex((word) => !word.startsWith('--'))
  return [verb.toUpperCase(), ...rest.slice(Math.max(0, from))].join(' ')
}
