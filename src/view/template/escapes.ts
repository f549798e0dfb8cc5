import type { TemplateFunction } from './evaluate.ts'
import { printed, type Value } from './value.ts'

const HTML: Readonly<Record<string, string>> = {
  ...{ '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;', '\0': '\ufffd' },
}

const JS: Readonly<Record<string, string>> = {
  ...{ '\\': '\\\\', "'": "\\'", '"': '\\"', '<': '\\u003C', '>': '\\u003E', '&': '\\u0026', '=': '\\u003D' },
}

/** Escaping functions for languages other than JSON. */
export const escapes = {
  html: (...args) => all(args).replace(/["'&<>\0]/g, (found) => HTML[found] ?? found),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  js: (...args) => all(args).replace(/[\\'"<>&=\u0000-\u001f]/g, (found) => JS[found] ?? unicode(found)),
  urlquery: (...args) => encodeURIComponent(all(args)).replace(/%20|[!'()*]/g, (found) => QUERY[found] ?? found),
} satisfies Record<string, TemplateFunction>

const QUERY: Readonly<Record<string, string>> = {
  ...{ '%20': '+', '!': '%21', "'": '%27', '(': '%28', ')': '%29', '*': '%2A' },
}

function all(args: readonly Value[]): string {
  return args.map(printed).join('')
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
