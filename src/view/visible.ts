/**
 * Text of others as it may be printed to a terminal: control characters, which would move the cursor or change colours, by their
 * pictures (Unicode block Control Pictures), each as wide as it was long; tabs and line ends stay.
 */
export function visible(text: string): string {
  return text.replace(CONTROLS, (found) => String.fromCodePoint(pictureOf(found.charCodeAt(0))))
}

/** Unicode's category Cc but for tabs and line ends. */
const CONTROLS = /[^\P{Cc}\t\n\r]/gu

const PICTURES = 0x2400
const DELETE = 0x7f
const PICTURE_OF_DELETE = 0x2421
/** Those above ASCII have no pictures. */
const REPLACEMENT = 0xfffd

function pictureOf(code: number): number {
  if (code === DELETE) return PICTURE_OF_DELETE
  return code < DELETE ? PICTURES + code : REPLACEMENT
}
