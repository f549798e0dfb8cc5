import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const src = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '../../src')

/** Every source by its path below `src`, comments left out; what the build generates is none. */
export function sources(): Map<string, string> {
  const files = readdirSync(src, { recursive: true }).map((file) => String(file).replaceAll('\\', '/'))
  const own = files.filter((file) => file.endsWith('.ts') && !file.includes('generated/'))
  return new Map(own.map((file) => [file, withoutComments(readFileSync(join(src, file), 'utf8'))]))
}

/** `file: what was found`, for each match of a pattern with the flag `g` outside of one file. */
export function found(pattern: RegExp, but: string): string[] {
  return [...sources()].flatMap(([file, text]) =>
    file === but ? [] : [...text.matchAll(pattern)].map(([match]) => `${file}: ${match}`),
  )
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
}
