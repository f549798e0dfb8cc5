/**
 * Sentences of ours quote values and words of others: what a stack file holds, what an engine answers, what a program prints. Only
 * there can a secret stand, so these parts are marked where the sentence is made, and masked where it is shown. The marks are two of
 * Unicode's noncharacters, which exist for such internal use.
 */
const BEGIN = '\uFDD0'
const END = '\uFDD1'
const MARKS = /[\uFDD0\uFDD1]/g
const MARKED = /\uFDD0([^\uFDD0\uFDD1]*)\uFDD1/g

/** A part of a sentence that is not ours. */
export function foreign(text: string): string {
  return `${BEGIN}${text.replace(MARKS, '')}${END}`
}

/** The sentence with each foreign part changed, still marked as such. */
export function mapForeign(sentence: string, change: (part: string) => string): string {
  return sentence.replace(MARKED, (_, part: string) => foreign(change(part)))
}

/** The sentence as it may be shown: without marks, each foreign part changed. */
export function withForeign(sentence: string, change: (part: string) => string): string {
  return sentence.replace(MARKED, (_, part: string) => change(part)).replace(MARKS, '')
}

export function withoutMarks(sentence: string): string {
  return sentence.replace(MARKS, '')
}

/** For plain data: whether any foreign part is in it. */
export function hasForeign(sentence: string): boolean {
  return sentence.includes(BEGIN)
}
