/**
 * Our sentences quote foreign text: values of a stack file, an engine's answers, a program's output. Only these parts may contain
 * secrets, so they are marked where a sentence is created, and masked where it is shown. The marks are two of Unicode's
 * noncharacters, which are reserved for such internal use. Further ones mark commands (own-command.ts).
 */
const BEGIN = '\uFDD0'
const END = '\uFDD1'
const MARKS = /[\uFDD0-\uFDD4]/g
const MARKS_BUT_OF_COMMANDS = /[\uFDD0-\uFDD2]/g
const MARK = /[\uFDD0-\uFDD4]/
const MARKED = /\uFDD0([^\uFDD0\uFDD1]*)\uFDD1/g

/** Marks part of a sentence as foreign. */
export function foreign(text: string): string {
  return `${BEGIN}${text.replace(MARKS, '')}${END}`
}

/** Changes each foreign part of a sentence; the marks stay. */
export function mapForeign(sentence: string, change: (part: string) => string): string {
  return sentence.replace(MARKED, (_, part: string) => foreign(change(part)))
}

/** A sentence for display: each foreign part changed, and without marks, or only with those of commands. */
export function withForeign(sentence: string, change: (part: string) => string, keepsCommands = false): string {
  const changed = sentence.replace(MARKED, (_, part: string) => change(part))
  return changed.replace(keepsCommands ? MARKS_BUT_OF_COMMANDS : MARKS, '')
}

export function withoutMarks(sentence: string): string {
  return sentence.replace(MARKS, '')
}

/** Whether a sentence has to be prepared for display. */
export function hasMarks(sentence: string): boolean {
  return MARK.test(sentence)
}
