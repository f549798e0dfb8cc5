import { SourceMap } from 'node:module'

/** A place in the bundled program, as V8 writes it: with or without the name of a function, which is shortened there. */
const PLACE = /^( +at ).*?program-\w+\.js:(\d+):(\d+)\)?$/gm

/** The stack of an error with places in the sources. `map`: the source map that the build leaves beside the program, as JSON. */
export function sourceTrace(stack: string, map: string): string {
  const places = new SourceMap(JSON.parse(map))
  return stack.replace(PLACE, (line: string, at: string, row: string, column: string) => {
    const found = places.findEntry(Number(row) - 1, Number(column) - 1)
    if (!('originalSource' in found)) return line
    const file = found.originalSource.replace(/^(\.\.\/)+/, '')
    return `${at}${file}:${found.originalLine + 1}:${found.originalColumn + 1}`
  })
}
