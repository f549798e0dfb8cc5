import type { Context } from '../../cli/context.ts'
import { printWords, widthFor } from '../../cli/show.ts'
import type { Span } from '../../diagnostics/span.ts'
import { type Difference, factName } from '../../lockfile/differences.ts'
import { type PackageChange, type PackagesLock, packageChanges } from '../../lockfile/packages.ts'
import { canonicalJson } from '../../plan/fingerprint.ts'
import { isMapping } from '../../util/object.ts'
import { paletteOf } from '../../view/palette.ts'
import { oneLine } from '../../view/redact/visible.ts'
import { clip, padEnd } from '../../view/width.ts'

/** A difference, and the place in a stack or lock file to look at. */
export interface Placed extends Difference {
  at?: Span | undefined
}

/** Prints each difference: the fact, its place, what was and what is. */
export function printDifferences(context: Context, found: readonly Placed[], place: (at: Span) => string): void {
  const palette = paletteOf(context.terminal.out)
  const width = widthFor(context)
  const line = (sign: string, text: string) => clip(`  ${sign} ${text}`, width)
  const blocks = found.map(({ path, from, to, at }) => {
    const [gone, came] = changed(from, to)
    const name = oneLine(factName(path))
    const head = at ? `${padEnd(name, 40)}  ${palette.dim(place(at))}` : name
    return [
      head,
      ...gone.map((text) => palette.red(line('-', text))),
      ...came.map((text) => palette.green(line('+', text))),
    ]
  })
  printWords(context, blocks.map((lines) => lines.map((each) => `${each}\n`).join('')).join(''))
}

/** The lines of both sides; of lists only the items in which they differ. */
function changed(from: unknown, to: unknown): [string[], string[]] {
  if (Array.isArray(from) && Array.isArray(to)) {
    const [before, after] = [from.map(shown), to.map(shown)]
    const [gone, came] = [
      before.filter((each) => !after.includes(each)),
      after.filter((each) => !before.includes(each)),
    ]
    if (gone.length + came.length > 0) return [gone, came]
  }
  return [from === undefined ? [] : lines(from), to === undefined ? [] : lines(to)]
}

/** A whole service, network or image that came or went is a line for each of its facts. */
function lines(value: unknown): string[] {
  if (!isMapping(value)) return [shown(value)]
  const entries = Object.entries(value)
  return entries.length === 0 ? ['{}'] : entries.map(([key, each]) => `${oneLine(key)}: ${shown(each)}`)
}

function shown(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : canonicalJson(value))
}

/** Prints, for each image that both have, the packages that came, went, or have another version. */
export function printPackageChanges(context: Context, before: PackagesLock, after: PackagesLock): void {
  const palette = paletteOf(context.terminal.out)
  const line = ({ kind, name, from, to }: PackageChange) => {
    const what = oneLine(`${kind} ${name}`)
    if (from === undefined) return palette.green(`  + ${what} ${oneLine(to ?? '')}`)
    if (to === undefined) return palette.red(`  - ${what} ${oneLine(from)}`)
    return `  ~ ${what} ${palette.red(oneLine(from))} → ${palette.green(oneLine(to))}`
  }
  for (const [key, { packages }] of Object.entries(after)) {
    const changes = packageChanges(before[key]?.packages ?? packages, packages)
    if (changes.length === 0) continue
    const lines = [`packages in ${oneLine(key)}`, ...changes.map(line)]
    printWords(context, lines.map((each) => `${each}\n`).join(''))
  }
}
