import type { Dockerfile } from './dockerfile.ts'

/** A line of a Dockerfile: its number, from 1, and its text. */
export interface DockerfileLine {
  file: string
  line: number
  text: string
}

/**
 * The line of a Dockerfile that a build failed at: where the builder says which, or where the instruction stands that it names.
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

/** Where an instruction begins; undefined where none, or more than one, reads so. */
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

/** Instructions have any case, and any space between their words; builders leave flags such as `--mount` out. */
function normal(instruction: string): string {
  const words = instruction.trim().split(/\s+/)
  const [verb = '', ...rest] = words
  const from = rest.findIndex((word) => !word.startsWith('--'))
  return [verb.toUpperCase(), ...rest.slice(Math.max(0, from))].join(' ')
}
