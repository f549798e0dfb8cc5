/**
 * Makes foreign text safe for a terminal. Control characters, which could move the cursor or change colours, become their pictures
 * (Unicode block Control Pictures). Bidirectional marks, which could show characters in a misleading order, become the replacement
 * character. Tabs and line ends stay.
 */
export function visible(text: string): string {
  return text
    .replace(CONTROLS, (found) => String.fromCodePoint(pictureOf(found.charCodeAt(0))))
    .replace(DIRECTIONS, String.fromCodePoint(REPLACEMENT))
}

/** Does the same for text that must stay on one line, such as a name or a cell. */
export function oneLine(text: string): string {
  return visible(text.replace(/\t|\r?\n/g, ' '))
}

/** JSON that is safe for a terminal: JSON itself allows unescaped control characters above ASCII and bidirectional marks. */
export function jsonText(value: unknown, indent?: number): string {
  const escaped = (found: string) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value, null, indent)
    .replace(/[\u007f-\u009f]/g, escaped)
    .replace(DIRECTIONS, escaped)
}

/** Unicode category Cc except tabs and line ends; a carriage return alone would overwrite its line. */
const CONTROLS = /[^\P{Cc}\t\n\r]|\r(?!\n)/gu

/** The characters with Unicode's property Bidi_Control (UAX #9). */
const DIRECTIONS = /\p{Bidi_Control}/gu

const PICTURES = 0x2400
const DELETE = 0x7f
const PICTURE_OF_DELETE = 0x2421
/** Control characters above ASCII have no pictures. */
const REPLACEMENT = 0xfffd

function pictureOf(code: number): number {
  if (code === DELETE) return PICTURE_OF_DELETE
  return code < DELETE ? PICTURES + code : REPLACEMENT
}
