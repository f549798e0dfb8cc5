import { Chalk, type ChalkInstance } from 'chalk'
import type { Output } from './terminal.ts'

export type Palette = ChalkInstance

/** The colours that an output supports. */
export function paletteOf(output: Pick<Output, 'colours'>): Palette {
  return new Chalk({ level: output.colours })
}

/** Colours that distinguish services, in the order in which they are assigned. */
export function serviceColours(palette: Palette): ((text: string) => string)[] {
  return [
    palette.cyan,
    palette.yellow,
    palette.green,
    palette.magenta,
    palette.blue,
    palette.cyanBright,
    palette.yellowBright,
    palette.greenBright,
    palette.magentaBright,
    palette.blueBright,
  ]
}
