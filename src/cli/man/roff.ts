/** Characters that roff reads in its own way, or that some devices print as others (groff_char(7)). */
const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
}

/** Text that roff prints unchanged, with the characters of ASCII alone. */
export function roff(text: string): string {
  const plain = text.replace(/[\\\-'"`^~]|[^\x20-\x7e]/gu, (found) => SPECIAL[found] ?? codePoint(found))
  return plain.startsWith('.') ? `\\&${plain}` : plain
}

function codePoint(character: string): string {
  return `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
}

export function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`
}

export function italic(text: string): string {
  return `\\fI${roff(text)}\\fR`
}

/** A section with its lines, nothing without lines. Its heading begins a paragraph. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`.SH ${title.toUpperCase()}`, ...(lines[0] === '.PP' ? lines.slice(1) : lines)]
}

/** A term with an indented explanation. The term is in the language of roff already. */
export function tagged(term: string, explanation: string): string[] {
  return ['.TP', term, roff(explanation)]
}

/** A command line, printed as it is, with an indented explanation. */
export function example(command: string, explanation: string): string[] {
  return ['.PP', roff(explanation), '.IP', '.EX', roff(command), '.EE']
}

/** Paragraphs from lines of text. */
export function paragraphs(text: string): string[] {
  return text.split('\n').flatMap((line) => ['.PP', roff(line)])
}
