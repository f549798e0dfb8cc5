/**
 * Text of others as it may be printed to a terminal: control characters, which would move the cursor or change colours, by their
 * pictures (Unicode block Control Pictures), each as wide as it was long; tabs and line ends stay.
 */
export function visible(text: string): string {
  return text.replace(CONTROLS, (found) => String.fromCodePoint(pictureOf(found.charCodeAt(0))))
}

/** The same for what must stay on one line, such as a name or a cell. */
export function oneLine(text: string): string {
  return visible(text.replace(/\t|\r?\n/g, ' '))
}

/** JSON for a terminal or a program: JSON itself allows those control characters that are above ASCII. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f]/g, (found) => {
    return `\\u00${found.charCodeAt(0).toString(16)}`
  })
}

/** Unicode's category Cc but for tabs and line ends; a carriage return alone would overwrite its line. */
const CONTROLS = /[^\P{Cc}\t\n\r]|\r(?!\n)/gu

const PICTURES = 0x2400
const DELETE = 0x7f
const PICTURE_OF_DELETE = 0x2421
/** Those above ASCII have no pictures. */
const REPLACEMENT = 0xfffd

function pictureOf(code: number): number {
  if (code === DELETE) return PICTURE_OF_DELETE
  return code < DELETE ? PICTURES + code : REPLACEMENT
}
